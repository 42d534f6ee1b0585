// What is not there to be seen at first, in one piece that is loaded once the first rows are on the screen.
export { default as Palette } from "./frame/Palette.svelte";
export { default as Shortcuts } from "./frame/Shortcuts.svelte";
export { default as LinkDialog } from "./link/LinkDialog.svelte";
export { default as RemoveDialog } from "./link/RemoveDialog.svelte";
export { default as Panel } from "./panel/Panel.svelte";
export { default as FieldPanel } from "./rights/fields/FieldPanel.svelte";
export { default as SavingDialog } from "./rights/review/SavingDialog.svelte";
export { default as RightsScreen } from "./rights/RightsScreen.svelte";
export { default as RotationsScreen } from "./rotations/RotationsScreen.svelte";
export { default as WhereDialog } from "./rotations/WhereDialog.svelte";
export { default as WorkScreen } from "./rotations/WorkScreen.svelte";

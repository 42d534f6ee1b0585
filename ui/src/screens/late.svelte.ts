type Screens = typeof import("./later");

/** The screens that are not there to be seen at first: parsing them would hold up those that are. */
class Late {
  screens = $state.raw<Screens | null>(null);

  async load(): Promise<void> {
    this.screens ??= await import("./later");
  }
}

export const late = new Late();

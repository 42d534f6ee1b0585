// The icons' library by its files: in one piece it is 1,700 icons, and only those that are drawn are to be read.
declare module "#icons/*" {
  import type { IconNode } from "lucide";
  const icon: IconNode;
  export default icon;
}

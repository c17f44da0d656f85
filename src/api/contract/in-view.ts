/** For people: that something is of the view public goes without saying. */
export function inView(text: string, view: string): string {
  return view === "public" ? text : `${text} (view ${view})`;
}

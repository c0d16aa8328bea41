const NARROWEST = 9;
const WIDEST = 60;
/** Room beside the text. */
const MARGIN = 2;

/** Width of a column, in digits, that shows texts of some length; long ones are cut off on the screen only. */
export function shownWidth(characters: number): number {
  return Math.min(Math.max(characters + MARGIN, NARROWEST), WIDEST);
}

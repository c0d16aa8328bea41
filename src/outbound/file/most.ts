/** A walk over pages ends; this stops one whose provider never says so. */
export const MOST_PAGES = 100_000;

/** A walk that the provider forgets again and again is given up until the next run. */
export const MOST_WALKS = 3;

/** So many pages in a row without anything new: the provider turns in a circle. */
export const MOST_STALE_PAGES = 10;

/** Items of several pages go to the disk together, as long as no more are gathered. */
export const ITEMS_AT_ONCE = 1_000;

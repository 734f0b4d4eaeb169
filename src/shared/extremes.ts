/**
 * The largest value of any number of items, which `Math.max(...values)` is not: its arguments have to fit on the
 * stack. -Infinity without items.
 */
export function largest<Item>(items: Iterable<Item>, value: (item: Item) => number): number {
  let found = Number.NEGATIVE_INFINITY
  for (const item of items) found = Math.max(found, value(item))
  return found
}

/** The smallest value of any number of items; Infinity without items. */
export function smallest<Item>(items: Iterable<Item>, value: (item: Item) => number): number {
  return -largest(items, (item) => -value(item))
}

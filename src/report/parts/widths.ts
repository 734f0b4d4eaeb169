/** Charts are drawn in CSS pixels for the width of an A4 page's text. */
export const fullWidth = 672
export const halfWidth = 326

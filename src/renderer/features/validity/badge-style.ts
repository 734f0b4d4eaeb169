import type { Badge, Severity } from '../../../shared/validity/finding.js'

/** The theme's colour of each badge; words say the same, for those who do not see it. */
export const badgeColours: Readonly<Record<Badge, string>> = {
  valid: 'teal',
  'valid-with-warnings': 'yellow',
  unreliable: 'orange',
  'not-comparable': 'red',
}

export const severityColours: Readonly<Record<Severity, string>> = {
  note: 'gray',
  warning: 'yellow',
  unreliable: 'orange',
  'not-comparable': 'red',
}

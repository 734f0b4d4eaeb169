import type { Attack } from './attack.js'
import { attacksFromOutside } from './attacks-from-outside.js'
import { attacksOfPages } from './attacks-of-pages.js'
import { attacksWithCookie } from './attacks-with-cookie.js'

/** All that take more than one request, in the order in which the guide has them. */
export const attacks: readonly Attack[] = [...attacksFromOutside, ...attacksWithCookie, ...attacksOfPages]

/** What all ranks of a group must agree on. */
export interface GroupShape {
  elementCount: number
  worldSize: number
}

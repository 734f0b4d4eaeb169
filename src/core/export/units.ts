/** A share in percent, to a hundredth: as fine as any sensor. */
export function percent(share: number | null): number | null {
  return share === null ? null : Math.round(share * 10_000) / 100
}

export function gibibytes(bytes: number | null): number | null {
  return bytes === null ? null : bytes / 2 ** 30
}

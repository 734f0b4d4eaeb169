/** The part of jstat that Tandem uses; the package brings no types. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      cdf(x: number, degreesOfFreedom: number): number
      inv(probability: number, degreesOfFreedom: number): number
    }
  }
  export = jStat
}

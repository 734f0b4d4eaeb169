import { z } from 'zod'

/*
 * What no machine and no clock goes beyond. Results and recordings can be anybody's: no more memory is set aside for what
 * they say than for these.
 */

/** Processes of one measurement. */
export const mostRanks = 1_024

export const mostCores = 8_192

export const mostGpus = 256

/** In milliseconds since the Unix epoch, either way: the last moment that is a date. */
export const lastInstantMs = 8.64e15

export const instantMsSchema = z.number().min(-lastInstantMs).max(lastInstantMs)

import { z } from 'zod'
import type { ErrorReport } from '../errors.js'

/*
 * What stands before the contract on a WebSocket, which anybody can open. The desktop app's wire needs none of it: only
 * the page itself gets hold of one.
 */

/** A page's first message: the secret that it was given when its browser was let in. */
export const letInSchema = z.strictObject({ type: z.literal('let-in'), secret: z.string().max(200) })

export type LetIn = z.infer<typeof letInSchema>

/** The host's answer to a page that does not come in; then it closes the wire. A page that does gets no answer. */
export interface TurnedAway {
  type: 'turned-away'
  error: ErrorReport
}

/** For a browser or a page that is not known, or no longer. */
export const notLetIn: ErrorReport = {
  code: 'not-let-in',
  message: 'This page has not been let in',
  hint: 'Open the address that Tandem printed in its terminal last. Each address lets one browser in, once.',
}

/** What stands before the secret in the address to which a browser is sent that was let in. It never reaches a server. */
export const letInFragment = '#let-in='

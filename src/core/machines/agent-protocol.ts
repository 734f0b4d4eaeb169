import { z } from 'zod'
import { instantMsSchema } from '../../shared/bounds.js'
import { toTrainerSchema, trainerJobSchema } from '../../shared/child/trainer-protocol.js'
import { engineSchema } from '../../shared/domain/engines.js'
import { errorReportSchema } from '../../shared/errors.js'
import { runSampleSchema } from '../../shared/live/live-event.js'
import { deviceSchema } from '../../shared/machine/device.js'
import { machinePassportSchema } from '../../shared/results/results.js'
import { runConfigurationSchema } from '../../shared/run/run-configuration.js'
import { scriptSchema } from '../../shared/script/script.js'
import { mostNodes } from './rendezvous.js'

/*
 * What the host (node 0) and an agent (any other node) say to each other, as JSON lines over TLS. An agent connects, and says
 * `hello`; the host answers `welcome` or `refused`. From then on both send numbered messages and, every second, a beat
 * with the number of the last one they have. Beside them, and without a number, the host asks for the agent's clock, which
 * answers at once. A wire that drops is replaced by another one of the same session.
 */

/** Raised whenever an older end would misread a newer one. */
export const agentProtocol = 2

export const wireLimits = {
  /** Of a stranger's first line. */
  helloBytes: 4_096,
  lineBytes: 2 ** 20,
  /** What one end keeps for the other while there is no wire. */
  waitingBytes: 64 * 2 ** 20,
} as const

export const beatMs = 1_000
/** Without a beat for so long, a wire counts as dropped. */
export const wireSilenceMs = 5_000
/** How long after a wire dropped another one is waited for, by both ends. */
export const resumeMs = 15_000

const nodeRankSchema = z
  .number()
  .int()
  .min(0)
  .max(mostNodes - 1)
const sessionSchema = z.string().regex(/^[0-9a-f]{32}$/)
const numberSchema = z.number().int().nonnegative()

/** So much of a first line is understood whatever the version. */
export const anyHelloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.number().int(),
  tandemVersion: z.string().max(64),
  nodeRank: nodeRankSchema,
  hostName: z.string().max(256),
})

export const helloSchema = anyHelloSchema.extend({
  protocol: z.literal(agentProtocol),
  nodes: z.number().int().min(2).max(mostNodes),
  session: sessionSchema,
  /** Whether this session has had a wire before. */
  isResumed: z.boolean(),
  received: numberSchema,
})

export type Hello = z.infer<typeof helloSchema>

export const helloAnswerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome'), received: numberSchema }),
  z.object({
    type: z.literal('refused'),
    error: errorReportSchema,
    /** Whether the agent may come again as a new one: its session is over, its place is free. */
    mayComeAgain: z.boolean(),
  }),
])

export type HelloAnswer = z.infer<typeof helloAnswerSchema>

export const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('numbered'), number: z.number().int().positive(), body: z.unknown() }),
  z.object({ type: z.literal('beat'), received: numberSchema }),
  /** What is not worth keeping while there is no wire. */
  z.object({ type: z.literal('passing'), body: z.unknown() }),
  /** Of one clock after the other: a stamp when it was asked, when that came, and when it was answered. */
  z.object({ type: z.literal('clock'), askedAtMs: instantMsSchema }),
  z.object({
    type: z.literal('clock-answer'),
    askedAtMs: instantMsSchema,
    receivedAtMs: instantMsSchema,
    answeredAtMs: instantMsSchema,
  }),
])

/** What a machine is asked before a run: the choices of a person, without any path of node 0. */
export const runWishSchema = z.object({
  /** A plan only looks: nothing is fetched for it, nothing read through, and a run that is under way goes on as it was. */
  purpose: z.enum(['run', 'plan']),
  configuration: runConfigurationSchema,
  /** World size on each machine, as with torchrun; null for all devices. */
  processes: z.number().int().positive().nullable(),
  /** Where the host is reached, for the route to it. */
  hostAddress: z.string().max(256),
  /** A script of somebody's is measured: the one that the machine was started with, or none. */
  isOfScript: z.boolean(),
})

export type RunWishOfHost = z.infer<typeof runWishSchema>

/** The script that a machine was told of on its own command line. */
const scriptOfferSchema = scriptSchema.omit({ folder: true }).extend({
  /** Of the file of Python that the command runs; null where it names none. */
  checksum: z.string().max(64).nullable(),
})

export type ScriptOffer = z.infer<typeof scriptOfferSchema>

/** What a machine has for a run. */
export const machineOfferSchema = z.object({
  passport: machinePassportSchema,
  engines: z
    .array(z.object({ name: engineSchema, version: z.string().nullable(), cuda: z.boolean() }))
    .min(1),
  devices: z.array(deviceSchema).min(1).max(64),
  data: z.object({
    trainSamples: z.number().int(),
    testSamples: z.number().int(),
    /** Null for a plan. */
    checksum: z.string().nullable(),
  }),
  /** Of a script's run alone. */
  script: scriptOfferSchema.optional(),
  /** Where other machines reach this one. */
  address: z.string().max(256),
  interfaceName: z.string().max(64),
  notes: z.array(z.string()).max(64),
})

export type MachineOffer = z.infer<typeof machineOfferSchema>

const askSchema = z.number().int().positive()
const childSchema = z.number().int().positive()

export const toAgentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('prepare'), ask: askSchema, wish: runWishSchema }),
  z.object({ type: z.literal('find-ports'), ask: askSchema, count: z.number().int().min(1).max(64) }),
  /** Starts the trainer that this job is for. What is a path in it is replaced by the agent's own. */
  z.object({
    type: z.literal('start'),
    child: childSchema,
    name: z.string().max(64),
    title: z.string().max(128),
    job: trainerJobSchema,
  }),
  z.object({ type: z.literal('tell'), child: childSchema, message: toTrainerSchema }),
  z.object({ type: z.literal('terminate'), child: childSchema }),
  z.object({ type: z.literal('kill'), child: childSchema }),
  /** The host has ended, in order; an error says why before its time. */
  z.object({ type: z.literal('end'), error: errorReportSchema.nullable() }),
])

export type ToAgent = z.infer<typeof toAgentSchema>

export const fromAgentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('prepared'), ask: askSchema, offer: machineOfferSchema }),
  z.object({ type: z.literal('ports'), ask: askSchema, ports: z.array(z.number().int().min(1).max(65_535)) }),
  z.object({ type: z.literal('refused'), ask: askSchema, error: errorReportSchema }),
  /** What a trainer said; whoever started it checks it. */
  z.object({ type: z.literal('message'), child: childSchema, message: z.unknown() }),
  z.object({ type: z.literal('output'), child: childSchema, text: z.string() }),
  z.object({ type: z.literal('problem'), child: childSchema, problem: z.string() }),
  z.object({ type: z.literal('disconnected'), child: childSchema }),
  z.object({
    type: z.literal('exit'),
    child: childSchema,
    code: z.number().int().nullable(),
    signal: z.string().nullable(),
    startError: z.string().nullable(),
  }),
  /** Of its machine while trainers run there, in passing. */
  z.object({ type: z.literal('sample'), sample: runSampleSchema }),
  /** Somebody has ended the agent; its trainers are gone. */
  z.object({ type: z.literal('leaving') }),
])

export type FromAgent = z.infer<typeof fromAgentSchema>

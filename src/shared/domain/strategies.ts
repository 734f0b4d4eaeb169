import { z } from 'zod'

/** The ways to train that Tandem compares, in the order in which every view has them. */
export const strategyNames = ['single', 'dp', 'ddp'] as const

export const strategySchema = z.enum(strategyNames)

export type Strategy = z.infer<typeof strategySchema>

/** All that distinguishes a strategy from the others. Whoever needs to know asks for a property, never for a name. */
export interface StrategyFacts {
  /** `DDP`: what tables and charts call it. */
  title: string
  fullName: string
  /** What it does, in one sentence for learners. */
  sentence: string
  picture: StrategyPicture
  /** Which trainer processes it has: one with all its devices, or one a device. */
  processes: 'one' | 'one-a-device'
  /** Whether its processes exchange gradients through a collective. */
  exchangesGradients: boolean
  /** Fewer than the least are skipped with a reason; null is as many as there are. */
  leastDevices: number
  mostDevices: number | null
  /** Whether the others are held against it; true of exactly one. */
  isBase: boolean
  /** What its one compiled call does beside computing, in order; recorded where the engine can tell these parts apart. */
  callParts: readonly CallPart[]
  look: Look
}

/** What DataParallel moves between its devices in a step. */
export const callParts = ['scatter', 'replicate', 'gather', 'reduce'] as const

export type CallPart = (typeof callParts)[number]

/** How a line or a bar looks in every chart: a colour by theme, and a dash in pixels that keeps lines apart without it. */
export interface Look {
  light: string
  dark: string
  dash: readonly number[]
}

/** How batches and gradients travel, in a field of 200 by 56: rows of images, boxes for devices, paths for arrows. */
export interface StrategyPicture {
  batches: readonly { x: number; images: number }[]
  devices: readonly { x: number; isIdle?: true }[]
  arrows: readonly string[]
}

/**
 * Colours are Okabe and Ito's, which stay apart for colour-blind readers ("Color Universal Design", 2008); the blue and
 * the green have a lighter twin for dark ground.
 */
export const strategies: Readonly<Record<Strategy, StrategyFacts>> = {
  single: {
    title: 'Single',
    fullName: 'Single',
    sentence: 'One device trains on every batch. The other strategies are compared with it.',
    picture: {
      batches: [{ x: 14, images: 4 }],
      devices: [{ x: 76 }, { x: 140, isIdle: true }],
      arrows: ['M48 31 H72'],
    },
    processes: 'one',
    exchangesGradients: false,
    leastDevices: 1,
    mostDevices: 1,
    isBase: true,
    callParts: [],
    look: { light: '#0072b2', dark: '#56b4e9', dash: [] },
  },
  dp: {
    title: 'DP',
    fullName: 'DataParallel',
    sentence: 'One process splits each batch over the devices and updates the weights on the first.',
    picture: {
      batches: [{ x: 14, images: 4 }],
      devices: [{ x: 76 }, { x: 140 }],
      arrows: ['M48 31 H72', 'M118 26 H136', 'M138 38 H122'],
    },
    processes: 'one',
    exchangesGradients: false,
    leastDevices: 2,
    mostDevices: null,
    isBase: false,
    callParts,
    look: { light: '#b87100', dark: '#e69f00', dash: [8, 4] },
  },
  ddp: {
    title: 'DDP',
    fullName: 'DistributedDataParallel',
    sentence: 'One process per device. Each trains on its share, and all average their gradients.',
    picture: {
      batches: [
        { x: 42, images: 2 },
        { x: 186, images: 2 },
      ],
      devices: [{ x: 76 }, { x: 126 }],
      arrows: ['M60 31 H72', 'M184 31 H170', 'M96 16 C96 2 146 2 146 14', 'M146 46 C146 58 96 58 96 48'],
    },
    processes: 'one-a-device',
    exchangesGradients: true,
    leastDevices: 2,
    mostDevices: null,
    isBase: false,
    callParts: [],
    look: { light: '#007a5a', dark: '#2fbf9a', dash: [8, 3, 2, 3] },
  },
}

/** The strategy that the others are held against. */
export const baseStrategy: Strategy =
  strategyNames.find((name) => strategies[name].isBase) ?? strategyNames[0]

/** `DataParallel (DP)`; what has no short name stands alone. */
export function strategyHeading(strategy: Strategy): string {
  const { title, fullName } = strategies[strategy]
  return title === fullName ? title : `${fullName} (${title})`
}

/** Whether a strategy can have as many processes and devices as a measurement says. */
export function hasItsDevices(strategy: Strategy, devices: number, processes: number): boolean {
  const facts = strategies[strategy]
  // A group of one is a group: torchrun starts it too.
  if (facts.processes === 'one-a-device') return devices > 0 && processes === devices
  return devices >= facts.leastDevices && devices <= (facts.mostDevices ?? devices) && processes === 1
}

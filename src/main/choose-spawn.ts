import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { SpawnChild } from '../core/child/child-program.js'
import { spawnChildOfNode } from '../core/child/node-child.js'
import { launcherNodeVariable } from '../shared/desktop/desktop-launch.js'
import { spawnUtilityChild } from './utility-child.js'

/** How the app starts its trainers and other programs. */
export interface ChosenSpawn {
  spawn: SpawnChild
  /** What that does to engines that use the trainers' allocator, for readers of their figures; null for nothing. */
  allocatorNote: string | null
}

/**
 * In the Node of whoever started the app, where that is one; else as utility processes of Electron's. Those are slower at
 * TensorFlow on CPUs: Electron's programs take their memory from Chromium's allocator, which gives each large block
 * back to the kernel, so that its pages are cleared anew in every step (docs/decisions/029).
 */
export function chooseSpawn(environment: NodeJS.ProcessEnv): ChosenSpawn {
  const node = environment[launcherNodeVariable] ?? ''
  if (isAbsolute(node) && existsSync(node)) return { spawn: spawnChildOfNode(node), allocatorNote: null }
  return {
    spawn: spawnUtilityChild,
    allocatorNote:
      'Trainers: within Electron, whose memory allocator slows TensorFlow on CPU devices, by 24 to 29 % where it was measured; npm start in a clone trains in Node',
  }
}

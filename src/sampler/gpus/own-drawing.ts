import { readlinkSync } from 'node:fs'
import type { GpuSample } from '../../shared/child/telemetry.js'

type GpuProcesses = NonNullable<GpuSample['processes']>

/**
 * Of the programs that draw on a GPU the one that draws the dashboard's window: in Electron all of Tandem's processes
 * are the same program. Every desktop's own drawing is there for all strategies alike, and is not looked at. Linux only;
 * elsewhere drivers do not list programs that draw.
 */
export function ownDrawing(
  drawing: GpuProcesses | null,
  ownProgram = process.versions.electron === undefined ? null : process.execPath,
  programOf = programOfProcess,
): GpuProcesses {
  if (ownProgram === null) return []
  return (drawing ?? []).filter(({ pid }) => programOf(pid) === ownProgram)
}

function programOfProcess(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    // It has ended, belongs to somebody else, or is numbered as it is outside of this container.
    return null
  }
}

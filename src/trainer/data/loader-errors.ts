import { TandemError } from '../../shared/errors.js'

export function loaderClosed(): TandemError {
  return new TandemError({
    code: 'loader-closed',
    message: 'the data loader was closed while a batch was awaited',
    hint: 'Nothing to do: the run is being stopped.',
  })
}

export function workerFailed(worker: number, what: string, cause?: unknown): TandemError {
  return new TandemError(
    {
      code: 'data-worker-failed',
      message: `data worker ${worker} ${what}`,
      hint: 'Run again with fewer data workers (--num-workers 0 prepares batches in the trainer itself).',
    },
    { cause },
  )
}

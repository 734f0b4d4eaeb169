import PQueue from 'p-queue'
import { analyseRun } from '../../shared/analysis/run-analysis.js'
import type { DataSource } from '../../shared/child/trainer-protocol.js'
import type { RunWarning } from '../../shared/conditions/conditions.js'
import type { CommandName, RequestOf, Responses } from '../../shared/contract/commands.js'
import { TandemError } from '../../shared/errors.js'
import { explainedRun, explainedSteps } from '../../shared/explain/explained-run.js'
import { compareRuns } from '../../shared/run-comparison/compare-runs.js'
import type { OfferedScript } from '../../shared/script/offered-script.js'
import type { RunControl } from '../control/run-control.js'
import { openPictures, type PictureSource } from '../data/read-pictures.js'
import type { DoctorKeeper } from '../doctor/doctor-keeper.js'
import type { EngineKeeper } from '../engine/engine-keeper.js'
import { stepPictures } from '../explain/step-pictures.js'
import { exportRun } from '../export/exporters.js'
import type { ReportPorts } from '../export/report-ports.js'
import { withoutNames } from '../export/without-names.js'
import { arrangeRuns, columnChoices } from '../history/arrange-runs.js'
import type { BundleFile } from '../history/bundle/import-bundle.js'
import { readRunToCompare } from '../history/find-run.js'
import { alreadyHere, type ImportedFile } from '../history/import-run.js'
import { recentResults } from '../history/recent-results.js'
import { readReport, sourceOfRun } from '../history/report-source.js'
import type { RunHistory } from '../history/run-history.js'
import { Recent } from '../recent.js'
import { planRun } from '../run/plan-run.js'
import type { PreparationOptions } from '../run/prepare-run.js'
import { planScript } from '../script/plan-script.js'
import { runOfPage } from '../script/script-of-page.js'

/** What commands act on. */
export interface HandlerPorts {
  control: RunControl
  engine: EngineKeeper
  doctor: DoctorKeeper
  history: RunHistory
  preparation: Pick<PreparationOptions, 'environment' | 'resourcesDirectory' | 'tandemVersion' | 'machines'>
  reports: ReportPorts
  offeredScript(): OfferedScript | null
  onHistoryChanged(): void
}

export type Handlers = {
  /** `signal` fires when nobody waits for the answer any more, or the host ends. */
  [Name in CommandName]: (request: RequestOf<Name>, signal: AbortSignal) => Promise<Responses[Name]>
}

/** Of the sample, which is decompressed: some megabytes. */
const picturesKeptMs = 60_000

const installingBeside: RunWarning = {
  code: 'engine-install',
  text: 'TensorFlow is being installed beside this run and takes its time',
}

/** One handler a command. They throw TandemErrors, which travel to the page as they are. */
export function createHandlers(ports: HandlerPorts): Handlers {
  const printing = new PQueue({ concurrency: 1 })
  const reports: ReportPorts = {
    ...ports.reports,
    // Each printing is a browser, or a window, and takes as long as it takes.
    print: (html, signal) => printing.add(() => ports.reports.print(html, signal), { signal }),
  }
  const { control, engine, doctor, history, preparation, onHistoryChanged } = ports
  const changed = async <Answer>(change: Promise<Answer>): Promise<Answer> => {
    const answer = await change
    onHistoryChanged()
    return answer
  }
  const take = async (
    file: ImportedFile | BundleFile,
    existing: 'open' | undefined,
    signal: AbortSignal,
  ): Promise<{ runId: string }> => {
    const { runId, isNew } = await changed(history.take(file, signal))
    if (!isNew && existing !== 'open') throw alreadyHere(runId)
    return { runId }
  }
  // Going through the steps of a run asks for its results and its pictures again and again.
  const resultsOf = recentResults(history)
  const recentPictures = new Recent<PictureSource>(picturesKeptMs)
  const openRecent = (source: DataSource) =>
    recentPictures.get(JSON.stringify(source), () => openPictures(source))
  const sourceOf = async ({ runId, withoutNames: isNameless }: RequestOf<'readReport'>) => {
    const source = await sourceOfRun(runId, history)
    return isNameless === true ? withoutNames(source) : source
  }
  const engineSearch = () => (engine.search === null ? {} : { engineSearch: engine.search })

  return {
    async planRun({ configuration }) {
      if (configuration.script !== undefined) {
        const { script, python, ...run } = runOfPage(
          configuration,
          configuration.script,
          ports.offeredScript(),
        )
        return await planScript(run.configuration, script, { ...preparation, python })
      }
      return await planRun(configuration, { ...preparation, ...engineSearch() })
    },

    async startRun({ configuration: wanted }) {
      const { configuration, python } =
        wanted.script === undefined
          ? { configuration: wanted }
          : runOfPage(wanted, wanted.script, ports.offeredScript())
      if (doctor.isRunning) throw doctorActive()
      const installing = engine.state.status === 'installing'
      const { runId, results } = await control.start({
        configuration,
        ...(python !== undefined && { python }),
        ...engineSearch(),
        ...(preparation.machines !== undefined && { machines: preparation.machines }),
        ...(installing && { warnings: [installingBeside] }),
      })
      onHistoryChanged()
      // How it ends is in the state of run control, whoever looks.
      results.then(onHistoryChanged, onHistoryChanged)
      return { runId }
    },

    async stopRun() {
      control.stop()
      return null
    },

    async installEngine() {
      control.warn(installingBeside)
      void engine.install()
      return null
    },

    async cancelInstall() {
      await engine.cancelInstall()
      return null
    },

    async startDoctor() {
      await doctor.start()
      return null
    },

    async stopDoctor() {
      doctor.stop()
      return null
    },

    async listRuns({ offset, limit, withExamples, ...wanted }) {
      const all = await (withExamples === true ? history.listAll() : history.list())
      const found = arrangeRuns(all, wanted)
      const baseline = all.find(({ isBaseline }) => isBaseline) ?? null
      const runs = found.slice(offset, offset + limit)
      const examples = found.filter(({ isExample }) => isExample === true).length
      return { runs, total: found.length, examples, choices: columnChoices(all), baseline }
    },

    listExamples: () => history.listExamples(),

    async openRun({ runId }, signal) {
      const summary = await history.summary(runId)
      const run = await history.replay(runId, signal).catch(() => null)
      signal.throwIfAborted()
      return { summary, run: run?.toSnapshot() ?? null }
    },

    readResults: ({ runId }, signal) => history.results(runId, signal),

    analyseRun: async ({ runId }, signal) => analyseRun(await resultsOf(runId, signal)),

    explainRun: async ({ runId }, signal) => explainedRun(await resultsOf(runId, signal)),

    readSteps: async ({ runId, ...steps }, signal) => explainedSteps(await resultsOf(runId, signal), steps),

    async readStepPictures({ runId, ...step }, signal) {
      const [results, { imported }] = await Promise.all([resultsOf(runId, signal), history.summary(runId)])
      const { environment, resourcesDirectory } = preparation
      const isImported = imported !== null
      return stepPictures(results, step, { environment, resourcesDirectory, isImported, open: openRecent })
    },

    readReport: async (request, signal) => readReport(await sourceOf(request), signal),

    exportRun: async ({ format, paper, ...request }, signal) =>
      exportRun(await sourceOf(request), format, { paper, ports: reports, signal }),

    readRecording: ({ runId, from }, signal) => history.recording(runId, from, signal),

    async describeRun({ runId }) {
      const [entry, baseline] = await Promise.all([history.entry(runId), history.baseline()])
      return { entry, baseline }
    },

    labelRun: ({ runId, ...change }) => changed(history.label(runId, change)),

    pinBaseline: ({ runId }) => changed(history.pin(runId).then(() => null)),

    deleteRun: ({ runId }) => changed(history.remove(runId).then(() => null)),

    restoreRun: ({ runId }) => changed(history.restore(runId).then(() => null)),

    importRun: ({ fileName, text, existing }, signal) => take({ fileName, text }, existing, signal),

    importBundle: ({ fileName, base64, existing }, signal) => {
      const source = { kind: 'memory', bytes: Buffer.from(base64, 'base64') } as const
      return take({ fileName, source }, existing, signal)
    },

    compareRuns: async ({ runIds }) =>
      compareRuns(await Promise.all(runIds.map((runId) => readRunToCompare(history, runId)))),
  }
}

function doctorActive(): TandemError {
  return new TandemError({
    code: 'doctor-active',
    message: 'Doctor is checking this machine, which would spoil the figures',
    hint: 'Wait a minute until it has ended, or stop it on its screen.',
  })
}

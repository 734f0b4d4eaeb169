import type { Report } from '../../shared/report/report.js'
import { formatList } from '../../shared/text/format.js'

/** The command that measures the same again, and what else must be the same. */
export function Reproduce({ report: { command, head } }: { report: Report }) {
  const { machine, configuration } = head
  return (
    <>
      <p>In a clone of Tandem {machine.tandemVersion}, on a machine that is otherwise idle:</p>
      <pre>
        <code>{command.line}</code>
      </pre>
      {command.missing.length > 0 && (
        <p>The command line cannot choose {formatList(command.missing)}, which this run used.</p>
      )}
      {configuration.preset === 'quick' && configuration.samplesPerEpoch !== null && (
        <p className="aside">
          The quick preset chose the number of images an epoch by how fast this machine is; it is fixed in the
          command, so that every machine does the same work.
        </p>
      )}
    </>
  )
}

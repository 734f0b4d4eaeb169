import { useDashboard } from '../../state/dashboard.js'
import { NoScript } from './no-script.js'
import { ScriptForm } from './script-form.js'

/** Somebody's own training script: the numbers of its measurement are chosen here, the command is not. */
export function ScriptScreen() {
  const offered = useDashboard(({ offeredScript }) => offeredScript)
  const isKnown = useDashboard(({ app }) => app !== null)
  if (offered !== null) return <ScriptForm key={JSON.stringify(offered)} offered={offered} />
  return isKnown ? <NoScript /> : null
}

import { Badge, Button, Table } from '@mantine/core'
import { isEqual } from 'es-toolkit'
import { Fragment, memo, useCallback, useId, useMemo } from 'react'
import { differencesText, machinePassports } from '../../../shared/figures/machine-passports.js'
import type { LiveRun } from '../../../shared/live/live-run.js'
import { formatQuantity } from '../../../shared/text/format.js'
import { useFrames } from '../../charts/use-frames.js'
import type { RunView } from '../../state/run-view.js'
import { DifferencesTable } from '../results/passport.js'
import {
  type MachineRow,
  machineColumns,
  machineDeviceRows,
  machineKnowledge,
  machineRows,
  passportsOf,
} from './machines.js'
import styles from './machines-card.module.css'
import { useUnfolded } from './use-unfolded.js'

export interface MachinesCardProps {
  view: RunView
  repeat: number | null
}

/** The machines of a run over several: folded, how many there are and how they differ; nothing for a run on one. */
export function MachinesCard({ view, repeat }: MachinesCardProps) {
  const passports = useFrames(view, passportsOf)
  return passports.length < 2 ? null : <Card view={view} repeat={repeat} />
}

function Card({ view, repeat }: MachinesCardProps) {
  const { isOpen, setOpen, nodes, setNodes } = useUnfolded()
  const machines = useFrames(view, passportsOf)
  const passports = useMemo(() => machinePassports(machines), [machines])
  const [titleId, contentId, differencesId] = [useId(), useId(), useId()]
  const everyNode = machines.map((_, node) => node)
  const hasAll = everyNode.every((node) => nodes.has(node))
  return (
    <section className={styles.card} aria-labelledby={titleId}>
      <header className={styles.head}>
        <h2 className={styles.heading}>
          <button
            type="button"
            id={titleId}
            className={styles.fold}
            aria-expanded={isOpen}
            aria-controls={contentId}
            onClick={() => setOpen(!isOpen)}
          >
            {formatQuantity(machines.length, 'machine')}
          </button>
        </h2>
        <span className={styles.differences}>{differencesText(passports)}</span>
        {isOpen && (
          <Button size="compact-xs" variant="default" onClick={() => setNodes(hasAll ? [] : everyNode)}>
            {hasAll ? 'Fold all' : 'Unfold all'}
          </Button>
        )}
      </header>
      <div id={contentId} hidden={!isOpen} className={styles.content}>
        {isOpen && (
          <>
            {passports.differing.length > 0 && (
              <>
                <h3 id={differencesId} className={styles.what}>
                  What differs between the machines
                </h3>
                <DifferencesTable passports={passports} label={differencesId} />
              </>
            )}
            <Machines view={view} repeat={repeat} nodes={nodes} onNodes={setNodes} label={titleId} />
          </>
        )}
      </div>
    </section>
  )
}

interface MachinesProps extends MachinesCardProps {
  nodes: ReadonlySet<number>
  onNodes(nodes: readonly number[]): void
  label: string
}

function Machines({ view, repeat, nodes, onNodes, label }: MachinesProps) {
  const rows = useFrames(
    view,
    useCallback((run: LiveRun) => machineRows(run, repeat), [repeat]),
  )
  const toggle = (node: number): void =>
    onNodes(nodes.has(node) ? [...nodes].filter((other) => other !== node) : [...nodes, node])
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table verticalSpacing={2} fz="sm" aria-labelledby={label} className={styles.table ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th className={styles.machine}>Machine</Table.Th>
            <Table.Th className={`numeric ${styles.count}`}>Devices</Table.Th>
            {machineColumns.map(({ title, unit }) => (
              <Table.Th key={title} className="numeric">
                {title}, {unit}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Fragment key={row.node}>
              <Machine row={row} isUnfolded={nodes.has(row.node)} onToggle={() => toggle(row.node)} />
              {nodes.has(row.node) && <Unfolded view={view} row={row} repeat={repeat} />}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

interface MachineProps {
  row: MachineRow
  isUnfolded: boolean
  onToggle(): void
}

const Machine = memo(
  function Machine({ row, isUnfolded, onToggle }: MachineProps) {
    const { name, hostName, deviceCount, figures, unlike } = row
    return (
      <Table.Tr className={styles.row ?? ''}>
        <Table.Th scope="row" className={styles.machine}>
          <button type="button" className={styles.fold} aria-expanded={isUnfolded} onClick={onToggle}>
            <span className={styles.name}>{name}</span>
            <span className={styles.host}>{hostName}</span>
          </button>
          {unlike.length > 0 && (
            <Badge size="xs" variant="outline" tt="none">
              Differs
            </Badge>
          )}
        </Table.Th>
        <Table.Td className="numeric">{deviceCount}</Table.Td>
        <Figures figures={figures} />
      </Table.Tr>
    )
  },
  (before, after) => isEqual(before.row, after.row) && before.isUnfolded === after.isUnfolded,
)

function Figures({ figures }: { figures: readonly string[] }) {
  return figures.map((figure, column) => (
    <Table.Td key={machineColumns[column]?.title} className="numeric">
      {figure}
    </Table.Td>
  ))
}

/** Its devices, and below them what is to be known of it. */
function Unfolded({ view, row, repeat }: { view: RunView; row: MachineRow; repeat: number | null }) {
  const { node, name, unlike } = row
  const devices = useFrames(
    view,
    useCallback((run: LiveRun) => machineDeviceRows(run, node, repeat), [node, repeat]),
  )
  const facts = useFrames(
    view,
    useCallback((run: LiveRun) => machineKnowledge(run, { node, unlike }), [node, unlike]),
  )
  return (
    <>
      {devices.map(({ name: device, rank, figures }) => (
        <Table.Tr key={device} className={styles.device ?? ''}>
          <Table.Th scope="row" className={styles.machine}>
            {rank === null ? device : `${device}, rank ${rank}`}
          </Table.Th>
          <Table.Td />
          <Figures figures={figures} />
        </Table.Tr>
      ))}
      <Table.Tr className={styles.device ?? ''}>
        <Table.Td colSpan={machineColumns.length + 2}>
          <dl className={styles.facts} aria-label={`Passport of ${name}`}>
            {facts.map(([what, value]) => (
              <div key={what} data-odd={unlike.some(([odd]) => odd === what)}>
                <dt>{what}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Table.Td>
      </Table.Tr>
    </>
  )
}

import { createContext, type ReactNode, useContext } from 'react'
import { useStore } from 'zustand'
import type { CommandName, RequestOf, Responses } from '../../shared/contract/commands.js'
import type { DashboardState, DashboardStore } from './dashboard-store.js'

/** Asks the host; rejects with its TandemError. */
export type CallHost = <Name extends CommandName>(
  command: Name,
  request: RequestOf<Name>,
) => Promise<Responses[Name]>

interface Dashboard {
  store: DashboardStore
  call: CallHost
}

const DashboardContext = createContext<Dashboard | null>(null)

export function DashboardProvider({ store, call, children }: Dashboard & { children: ReactNode }) {
  return <DashboardContext value={{ store, call }}>{children}</DashboardContext>
}

/** The part of what is known of the host that `select` picks; rendered again when that part changes. */
export function useDashboard<Part>(select: (state: DashboardState) => Part): Part {
  return useStore(dashboardOf(useContext(DashboardContext)).store, select)
}

export function useHost(): CallHost {
  return dashboardOf(useContext(DashboardContext)).call
}

function dashboardOf(dashboard: Dashboard | null): Dashboard {
  if (dashboard === null) throw new Error('there is no DashboardProvider around this')
  return dashboard
}

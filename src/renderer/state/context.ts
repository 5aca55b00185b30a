import { createContext, useContext } from 'react';
import type { Workbench } from './workbench.ts';

export const WorkbenchContext = createContext<Workbench | null>(null);

/** The workbench of this window. @throws Error outside of one */
export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('a component was used outside the workbench');
  return workbench;
}

// What the types of the package promise. It is only checked, never run.
import { start, type Delivery, type Gitlab } from 'statuschecks';

export async function typed(): Promise<string> {
  const gitlab: Gitlab = await start({ version: '16.4', features: { only_allow_merge_if_all_status_checks_passed: true } });
  const deliveries: Delivery[] = await gitlab.deliveries({ check: 1, state: 'delivered' });
  const clock = await gitlab.setClock({ mode: 'frozen', now: '2026-01-31T09:00:00Z' });
  // @ts-expect-error there is no such mode
  await gitlab.setClock({ mode: 'backwards' });
  // @ts-expect-error there is no such parameter
  await gitlab.deliveries({ chek: 1 });
  const world = await gitlab.createWorld({ name: 'job-1' });
  await gitlab.deleteWorld(world.name);
  const text: string = await gitlab.exportSeed();
  await gitlab.stop();
  return `${deliveries[0]?.attempts[0]?.status} ${clock.now} ${text}`;
}

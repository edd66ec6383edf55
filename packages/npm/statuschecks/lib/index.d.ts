import { Clock, Control, Delivery } from './control';

export * from './control';

/** A URL of a file, as `new URL('seed.yaml', import.meta.url)`. */
export interface FileURL {
  readonly protocol: string;
  readonly href: string;
}

/** How a mock is started. Files are read by the mock. */
export interface Options {
  /** The data at the start: a file, or the seed itself. Without it, the examples of GitLab's documentation. */
  seed?: string | FileURL | Record<string, unknown>;
  /** What goes wrong: a file, or the plan itself. */
  faults?: string | FileURL | Record<string, unknown>;
  /** The GitLab release to behave as, such as '16.4'. */
  version?: string;
  /** The delay of background jobs and deliveries, such as '300ms' or '0s-2s'. */
  lag?: string;
  /** Feature flags of the release. */
  features?: Record<string, boolean>;
  /** Further flags of `statuschecks serve`. */
  flags?: string[];
}

/** A mock that runs, as a process of its own. It ends with this process. */
export class Gitlab extends Control {
  /** The root of the instance, which clients take as their host. */
  readonly url: string;
  /** The root of the REST API. */
  readonly api: string;
  /** The root of the control surface. */
  readonly control: string;
  /** The release of GitLab. */
  readonly version: string;
  /** A token of each user who has one, by username. */
  readonly tokens: Record<string, string>;
  /** The file with the certificate to trust, with the flag `--tls-self-signed`. */
  readonly ca?: string;
  /** What the mock has logged so far. */
  readonly log: string;
  /** Lets time pass, such as '2m1s'. What becomes due on the way has happened when it resolves. */
  advance(by: string): Promise<Clock>;
  /** The deliveries to external services, oldest first. */
  deliveries(query?: Parameters<Control['listDeliveries']>[0]): Promise<Array<Delivery>>;
  /** Stops the mock. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a mock on a free port of this machine, and resolves when it is ready. */
export function start(options?: Options): Promise<Gitlab>;

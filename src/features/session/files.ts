/**
 * The dropped files and the one client that works on them. Handles only: bytes stay on the disk until a worker reads them.
 * Held outside the store, since a File is no plain data.
 */
import { createClient } from '../../client';
import type { Client, FileInput, SourceHandle } from '../../client/types';
import { restoreLearnt } from './learnt-head';
import { randomKey } from '../../core/pipeline/key';
import { useApp, type InstanceId } from '../../store';

const files = new Map<InstanceId, FileInput>();
let counter = 0;
let client: Client | null = null;
let projectKey = randomKey();
let closing = new AbortController();

/** The client, made when first needed so that an empty page starts no worker. */
export function getClient(): Client {
  if (!client) {
    client = createClient();
    const learnt = restoreLearnt();
    if (learnt) client.useHead(learnt.head);
    client.onModelStatus((model) => useApp.getState().setJobs({ model }));
  }
  return client;
}

/** Keeps a file under a new id. */
export function keepFile(input: FileInput): InstanceId {
  const id = `i${++counter}`;
  files.set(id, input);
  return id;
}

export const fileOf = (id: InstanceId): FileInput | undefined => files.get(id);

/** Folders and archives that files came from, and whether there are files that came otherwise. */
let sources: SourceHandle[] = [];
let loose = false;

/** @param source null: the files were dropped or picked one by one */
export function noteSource(source: SourceHandle | null): void {
  if (source === null) loose = true;
  else sources.push(source);
}

/** With these all files can be opened again; empty when that is not so. */
export const sourcesOf = (): readonly SourceHandle[] => (loose ? [] : sources);

/** The key that makes UIDs, shifts and pseudonyms: random for each session unless the person brings one. Memory only. */
export const getKey = (): Uint8Array => projectKey;
export function setKey(key: Uint8Array): void {
  projectKey = key;
}

/** Aborted when the session is closed: everything asked for its files ends then. */
export const sessionSignal = (): AbortSignal => closing.signal;

export function dropFiles(): void {
  closing.abort();
  closing = new AbortController();
  files.clear();
  sources = [];
  loose = false;
  client?.forget();
  projectKey = randomKey();
}

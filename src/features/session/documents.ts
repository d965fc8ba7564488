/** Masked texts that go out with the next export. Memory only. */
import type { ExportDocument } from '../../client/types';

let documents: readonly ExportDocument[] = [];

export const keptDocuments = (): readonly ExportDocument[] => documents;

export function keepDocument(document: ExportDocument): void {
  documents = [...documents.filter((d) => d.path !== document.path), document];
}

export function dropDocuments(): void {
  documents = [];
}

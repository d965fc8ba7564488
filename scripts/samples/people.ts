/** Who and what the sample study is about, and the words that are burned into its images. */

export interface BurnedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Tells who or where: must go. Measurements and markers do not. */
  readonly identifying: boolean;
}

export interface Sample {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly text: readonly BurnedText[];
}

/** Nobody: names, numbers, places and dates are invented. */
export const imogen = {
  name: 'Fairweather^Imogen^Rose',
  shown: 'FAIRWEATHER, IMOGEN',
  id: 'NM-204417',
  birth: '19610312',
  shownBirth: '12/03/1961',
  sex: 'F',
  accession: 'A23118842',
};
export const han = {
  name: 'Han^Xueqin=韩^雪琴',
  shown: 'HAN XUEQIN',
  id: 'NM-771052',
  birth: '19790826',
  shownBirth: '26/08/1979',
  sex: 'F',
  accession: 'A23118907',
};
export type Patient = typeof imogen;

export const hospital = 'Northmere General Hospital';
export const root = '1.2.826.0.1.3680043.10.1511.1';

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Notes where text lands. */
export class Labels {
  readonly boxes: BurnedText[] = [];
  add(box: Omit<BurnedText, 'identifying'>, identifying: boolean): void {
    this.boxes.push({ ...box, identifying });
  }
}

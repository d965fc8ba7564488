/** The words of roles, PINs and rules, in both languages: they load with their dialogs. */
import { kioskEn } from './kiosk.en';
import { kioskZh } from './kiosk.zh-CN';
import { chunkWords } from './chunk-words';

export type KioskKey = keyof typeof kioskEn;
export type KioskCatalogue = Readonly<Record<KioskKey, string>>;

export const kioskCatalogues: Readonly<Record<string, KioskCatalogue>> = { en: kioskEn, 'zh-CN': kioskZh };

export const useKioskWords = chunkWords<KioskKey>(kioskCatalogues);

/** 简体中文 */
import { images } from './images.zh-CN';
import type { Catalogue } from './index';
import { shell } from './shell.zh-CN';
import { work } from './work.zh-CN';

export const zhCN: Catalogue = { ...shell, ...images, ...work };

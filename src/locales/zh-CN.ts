/** 简体中文 */
import { explanationsZh } from './explanations.zh-CN';
import { findingsZh, findingSubjectsZh } from './findings.zh-CN';
import { images } from './images.zh-CN';
import type { Catalogue } from './index';
import { shell } from './shell.zh-CN';
import { work } from './work.zh-CN';

export const zhCN: Catalogue = { ...shell, ...images, ...work };

/** What codes and findings mean. */
export const codesZh = { explanations: explanationsZh, findings: findingsZh, findingSubjects: findingSubjectsZh };

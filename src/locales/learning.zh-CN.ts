/** Chinese words of learning from corrections. */
import type { LearningCatalogue } from './learning';

export const learningZh: LearningCatalogue = {
  'learn.title': '从我的更正中学习',
  'learn.about':
    'Lethe 可以根据您的判断学习什么是文字、什么只是看起来像文字：来自您删除的框、您绘制的框，以及您改动过的图像上保留的框。学习只在您要求时在本机进行，只保存数字：不含像素，也不含文字。无论学到什么，凡是像患者姓名、日期或编号的文字都会被遮盖。',
  'learn.have': '{images} 幅图像上，有文字的框 {text} 个，无文字的框 {other} 个。',
  'learn.none': '还没有更正。请删除不含文字的框，或在遗漏的文字周围绘制一个框。',
  'learn.start': '立即学习',
  'learn.working': '正在学习',
  'learn.stop': '停止',
  'learn.done': '已学会。此后检查的图像将据此判断。',
  'learn.failed': '未能学习：{message}',
  'learn.busy': '请等到所有图像检查完毕。',
  'learn.factory': '当前使用：Lethe 自带的判断，尚未学习。',
  'learn.learnt': '当前使用：在此处从 {count} 个框学到的结果。',
  'learn.reset': '清除所学',
  'learn.export': '保存为文件',
  'learn.import': '导入',
  'learn.bad': '该文件不包含区域验证器学到的内容。',
};

import type { SealingCatalogue } from './sealing';

/** 加密、解密、签名与核对所用的简体中文词句。 */
export const sealingZh: SealingCatalogue = {
  'protect.title': 'ZIP 的保护方式',
  'protect.none': '不加密',
  'protect.password': '密码',
  'protect.noneHelp': '任何人拿到该文件都能打开。',
  'protect.passwordHelp':
    'ZIP 中的每个文件都会加密（AES-256）。用密码可在 7-Zip 等软件中打开；文件名由化名组成，没有密码也能看到。',
  'protect.word': '密码，至少 {count} 个字符',
  'protect.make': '生成一个',
  'protect.show': '显示',
  'protect.hide': '隐藏',
  'protect.copy': '复制',
  'protect.copied': '已复制。',
  'protect.keep': '请记下密码，并用与文件不同的途径告知对方。Lethe 不保存密码：丢失密码就等于丢失文件。',
};

/** 各代码对屏幕前的人意味着什么：发生了什么，对这个文件意味着什么，下一步做什么。 */
import type { OutcomeCode } from '../core/audit/outcome';
import type { Explanation } from '../core/pipeline/errors';

const kept = '该文件未导出。';

export const explanationsZh: Readonly<Record<OutcomeCode, Explanation>> = {
  'empty-file': { message: `文件没有内容。${kept}`, next: '请从来源重新复制。' },
  'not-an-image': {
    message: `无论文件名如何，它都不是 Lethe 能读取的任何一种图像。${kept}`,
    next: '请忽略它，或检查它是如何保存的。',
  },
  'unsupported-format': {
    message: `Lethe 不读取这种格式的文件。${kept}`,
    next: '请先转换为 DICOM、PNG、JPEG、TIFF、BMP、WebP 或 NIfTI。',
  },
  'read-failed': { message: `无法从磁盘读取该文件。${kept}`, next: '请检查磁盘是否已连接、您是否有权读取，然后重试。' },
  'too-large': {
    message: `文件或其中的图像过大，无法安全处理。${kept}`,
    next: '请拆分成较小的文件，或在内存更大的电脑上处理。',
  },
  'too-many-files': { message: '文件数量超出一次会话的上限，超出部分没有读取。', next: '请分批处理该文件夹。' },
  'archive-damaged': {
    message: `ZIP 或其中的这个文件已损坏，各部分互相矛盾。${kept}`,
    next: '请重新复制或制作 ZIP，或用其他程序解压后打开文件夹。',
  },
  'archive-encrypted': { message: `该文件在 ZIP 中被加密。${kept}`, next: '请用密码解压 ZIP，然后打开文件夹。' },
  'archive-unsupported': {
    message: `该文件在 ZIP 中的压缩方式 Lethe 无法读取。${kept}`,
    next: '请用其他程序解压 ZIP，然后打开文件夹。',
  },
  'archive-hostile': {
    message: `该文件的打包方式不正常：文件名指向 ZIP 之外，或解压后远超其声明的大小。${kept}`,
    next: '请核实 ZIP 的来源，不要在别处解压它。',
  },
  truncated: { message: `文件不完整，缺少结尾部分。${kept}`, next: '请从来源重新复制或导出。' },
  malformed: { message: `文件不符合格式规范，无法确定其中的内容。${kept}`, next: '请从来源重新导出，或请人修复。' },
  'limit-exceeded': { message: `文件的嵌套层数或元素数量超出任何真实图像。${kept}`, next: '请核实它的来源。' },
  'trailing-bytes': {
    message: `图像结尾之后还有无法解释的字节，可能包含身份信息。${kept}`,
    next: '请从来源重新导出。',
  },
  'missing-sop-class': { message: `文件没有说明自己是哪种 DICOM 对象。${kept}`, next: '请从来源重新导出。' },
  'unsupported-transfer-syntax': {
    message: `Lethe 不认识该文件的编码方式。${kept}`,
    next: '请从来源导出为未压缩的 DICOM（Explicit VR Little Endian）。',
  },
  'deflate-failed': { message: `文件的压缩头已损坏。${kept}`, next: '请从来源重新复制或导出。' },
  'unsupported-charset': {
    message: `文件中的文字使用了未知字符集，姓名可能被遗漏。${kept}`,
    next: '请从来源导出为 UTF-8（ISO_IR 192）。',
  },
  'encapsulated-document': {
    message: `文件内含文档（例如 PDF）。文档可能包含任何内容，因此不会传出。${kept}`,
    next: '请手动去除文档中的身份信息，或忽略它。',
  },
  'wsi-label': {
    message: `这是切片的标签或概览图，可能显示姓名。${kept}`,
    next: '请忽略它：该切片的其他图像不需要它。',
  },
  dicomdir: {
    message: `这是光盘的索引（DICOMDIR），其中列有姓名，从不复制。${kept}`,
    next: '无需操作：它所列的图像会逐一处理。',
  },
  video: { message: `这是压缩视频，目前无法无损去除其中的文字。${kept}`, next: '请从来源导出为非视频的多帧图像。' },
  'video-mpeg2': {
    message: '这些帧是 MPEG-2 视频，浏览器均不支持解码，因此无法显示。视频不会导出。',
    next: '请从来源导出为非视频的多帧图像。',
  },
  'video-hevc': {
    message: '这些帧是 HEVC（H.265）视频，此浏览器不支持解码，因此无法显示。视频不会导出。',
    next: '请从来源导出为多帧图像。如需查看，可尝试 Safari，或显卡支持 HEVC 解码的 Chrome、Edge。',
  },
  'bad-pixel-data': {
    message: '图像数据与文件头不符，无法检查其中的文字。该图像等待复核。',
    next: '请从来源重新导出，或查看后决定。',
  },
  'codec-unsupported': {
    message: 'Lethe 无法打开这种压缩方式，因此无法查找其中的文字。该图像等待复核。',
    next: '请从来源导出未压缩的图像，或在复核中决定。',
  },
  'codec-failed': {
    message: '压缩图像已损坏或不常见，无法打开并查找文字。该图像等待复核。',
    next: '请从来源重新导出，或在复核中决定。',
  },
  'redaction-unsupported': {
    message: '找到了文字，但以这种方式存储的图像无法在不受损的情况下修改。该图像等待复核。',
    next: '请从来源导出未压缩的图像，或将其移出。',
  },
  'bad-png': { message: `PNG 图像已损坏。${kept}`, next: '请在原来的程序中重新保存。' },
  'bad-tiff': { message: `TIFF 图像已损坏。${kept}`, next: '请在原来的程序中重新保存。' },
  'bad-bmp': { message: `BMP 图像已损坏。${kept}`, next: '请在原来的程序中重新保存。' },
  'bad-webp': { message: `WebP 图像已损坏。${kept}`, next: '请在原来的程序中重新保存。' },
  'bad-nifti': { message: `NIfTI 体数据已损坏。${kept}`, next: '请从来源处重新转换或复制。' },
  'unsupported-variant': {
    message: `图像采用了其格式中少见的存储方式，Lethe 无法读取，也就无法确定其中的内容。${kept}`,
    next: '请改存为常见形式后再试，例如不压缩或使用 LZW、Deflate 压缩的 TIFF。',
  },
  'whole-slide': {
    message: `这是全玻片扫描图像：包含多种分辨率，往往还带有写着姓名的标签图。${kept}`,
    next: '请将所需区域导出为普通 TIFF，或转换为 DICOM。',
  },
  'volume-pair': {
    message: `该体数据分成了头文件（.hdr）和图像文件（.img），无法一并检查。${kept}`,
    next: '请转换为单个 .nii 或 .nii.gz 文件。',
  },
  'bad-jpeg': { message: `JPEG 图像已损坏。${kept}`, next: '请在原来的程序中重新保存。' },
  'model-unavailable': {
    message: '无法加载识别文字的模型，因此未能检查该图像。该图像等待复核。',
    next: '请重新加载页面，或查看图像后决定。',
  },
  'gate-blocked': {
    message: '最后的检查在结果中发现了不得外传的内容，已拦下。',
    next: '请查看发现了什么、在哪里；更改方案或移出该文件。',
  },
  'needs-review': { message: '该图像须由人查看后才能导出。', next: '请在复核中打开它。' },
  'write-failed': { message: '无法将结果写入目标位置。', next: '请检查剩余空间和写入权限，然后重新导出。' },
  'name-collision': { message: '已有文件使用了该结果的名称。没有覆盖任何内容。', next: '请为输出选择一个空文件夹。' },
  duplicate: { message: '该文件与之前的一个文件逐字节相同，保留一份即可。', next: '无需操作。' },
  cancelled: { message: '在处理该文件之前工作已取消。', next: '如有需要请重新开始。' },
  'bad-profile': { message: '方案无效，没有执行任何操作。', next: '请更正方案，或选择其他方案。' },
  'bad-certificate': {
    message: '证书无法使用：不是证书、已损坏、今天不在有效期内，或密钥强度不足。没有为它加密任何内容。',
    next: '请向接收者索取有效证书（PEM），密钥为至少 2048 位的 RSA 或 NIST 曲线。',
  },
  'bad-key': {
    message: '无法读取私钥：文件中没有私钥、私钥已损坏，或其类型 Lethe 不支持。',
    next: '请以 PEM（PKCS #8）格式提供。旧格式可用 openssl pkcs8 -topk8 转换。',
  },
  'wrong-passphrase': {
    message: '口令错误或缺失，未能打开。',
    next: '请重新输入。没有口令，任何人都无法打开其保护的内容。',
  },
  'wrong-key': {
    message: '此处加密的内容是为其他密钥制作的，或已损坏。未能打开。',
    next: '请使用与加密时所用证书之一对应的私钥。',
  },
  'bad-envelope': {
    message: '此处加密的内容已损坏、不完整，或其类型 Lethe 不支持。未能打开。',
    next: '请从最初导出的位置重新获取该文件。',
  },
  'no-vault': {
    message: '该文件不含加密的原始信息，无法仅凭文件本身恢复身份。',
    next: '如果项目有对照表，请在其中查找。',
  },
  'bad-signature': {
    message: '签名不符：被签名的内容或签名本身已被更改。请勿信任。',
    next: '请向签名者索取原件。',
  },
  'not-signable': {
    message: '无法为此文件签名：签名必须涵盖的某个属性采用 Lethe 不认识的形式。',
    next: '请在不签名的情况下导出。',
  },
  'unknown-signature': {
    message: '文件带有 Lethe 无法核对的签名类型。可以核对使用 RSA 密钥的签名。',
    next: '请使用生成该签名的软件核对。',
  },
  'not-allowed': { message: '本机的策略不允许此操作。未作任何处理。', next: '请联系主管。' },
  'internal-error': { message: `Lethe 处理该文件时出错。${kept}`, next: '请报告此问题，但不要附上文件。' },
  'system-file': { message: '该文件属于操作系统，不含图像。', next: '无需操作。' },
  'cohort-rare': {
    message: '这组数据中，与此文件保留下来的特征相同的患者太少，因此未导出。',
    next: '请在“队列”面板中把特征再放宽一些，或加入更多患者，或接受不导出它。',
  },
  excluded: { message: '该文件已由人移出。', next: '无需操作。' },
};

import { isVocabulary } from '../deid/vocabulary';

/**
 * Words that identify nobody even when a header's name or institution field holds them: anatomy, technique, defined
 * terms of DICOM, placeholders of already anonymous files. A value made of such words alone is not looked for.
 */
const words = `
abdomen abdominal abdo acquired acquisition acute addition adult angio angiography ankle anon anonymised anonymized
anonymous anterior aorta apical arm arterial artery ascending atlas average axial back baby baseline biopsy bladder body
bolus bone both bottom bowel brain breast calibration cardiac cardiology carotid case cerebral cervical chest child clinic
clinical cohort color colour column composite computed control contrast coronal coronary correction cranial cranium
data dataset date default defaced deidentified delayed demo department derived descending diagnostic diastolic diffusion
digital display doppler dose dual dummy dynamic elbow emergency enhanced equipment exam examination example exposure
external extremity face fast female femur field fetal final finger fixed flair foot forearm frame free frontal full
gated general generic group hand head health healthcare heart hepatic hidden hip hospital image images imaging inferior
injection institution instance internal kidney knee label lateral left lesion limited linear liver localizer long lower
lumbar lung magnitude male mammography mandible mask maxilla measurement mediastinum medical medicine mean minimum
mobile modality model monitor multi mapping name neck neuro neutral none normal nose nuclear oblique obstetric oncology
operator orbit original original other outer oxygen patient pediatric pelvic pelvis perfusion phantom phase physician
plain plane planning portable position posterior prediction primary projection prone prostate protocol pulmonary quality
radiograph radiography radiology rapid raw reader recon reconstructed reconstruction reference referring removed renal
report research result right routine sagittal sample scan scanner scout screen secondary sequence series service shoulder
signal single sinus skull slice small soft spine standard station stomach study subject subtraction superior supine
surgery survey system systolic tech technician technologist temporal test thick thigh thin thoracic thorax thyroid tilt
time tissue titer tomography topogram total transverse trauma true tumor ultrasound unassigned undefined unit university
unknown unnamed unspecified upper uterus vascular vein venous version vertebra view volume volunteer water weight whole
window wrist xray yes
agfa canon esaote fuji fujifilm hitachi hologic philips samsung siemens toshiba kodak mindray konica varian elekta
`;

const common = new Set(words.split(/\s+/).filter((w) => w !== ''));

/** A clinical or technical word, or a placeholder: cleaning protects it, so the gate can't look for it alone. */
const isCommonWord = (word: string): boolean => common.has(word) || isVocabulary(word);

/** Whether every word of a text (split at anything but letters and digits) is common, a number of ≤ 3 digits, or 1–2 letters. */
export function isCommon(text: string): boolean {
  const parts = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return parts.every((w) => w.length <= 2 || isCommonWord(w) || /^\d{1,3}$/.test(w));
}

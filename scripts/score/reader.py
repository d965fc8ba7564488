"""Judges the outputs of a run against the answers of the planted corpus. Reads with pydicom, Pillow, tifffile and nibabel, never
with Lethe.

usage: reader.py FOLDER PROFILE   reads FOLDER/answers.json, FOLDER/PROFILE/{map.json,files}; writes FOLDER/PROFILE/verdict.json
"""
import datetime
import io
import json
import os
import re
import sys
import warnings
import zlib

import nibabel
import numpy
import pydicom
import tifffile
from PIL import Image
from pydicom.encaps import generate_pixel_data_frame

warnings.simplefilter('ignore')
folder, profile = sys.argv[1], sys.argv[2]
basic = profile == 'basic'
with open(os.path.join(folder, 'answers.json'), encoding='utf-8') as f:
    answers = json.load(f)
base = os.path.join(folder, profile)
with open(os.path.join(base, 'map.json'), encoding='utf-8') as f:
    rows = json.load(f)
outputs = {}
for row in rows:
    outputs[os.path.abspath(row['input'])] = row

tallies = {}
failures = []


def note(action, passed, name, detail):
    tally = tallies.setdefault(action, {'passed': 0, 'total': 0})
    tally['total'] += 1
    if passed:
        tally['passed'] += 1
    else:
        failures.append(f'{action}: {name}: {detail}')


def element_at(dataset, path):
    steps = path.split('.')
    for i in range(0, len(steps) - 1, 2):
        tag = int(steps[i], 16)
        if tag not in dataset:
            return None
        sequence = dataset[tag].value
        index = int(steps[i + 1])
        if not isinstance(sequence, pydicom.Sequence) or index >= len(sequence):
            return None
        dataset = sequence[index]
    tag = int(steps[-1], 16)
    return dataset[tag] if tag in dataset else None


def text_of(element):
    if element is None:
        return None
    value = element.value
    if value is None:
        return ''
    if isinstance(value, bytes):
        return value.decode('latin-1').rstrip('\0 ')
    if isinstance(value, (list, pydicom.multival.MultiValue)):
        return '\\'.join(str(v) for v in value)
    return str(value)


def frames_of(path, kind):
    """All images of a file as arrays, stored values."""
    if kind == 'nifti':
        data = numpy.asanyarray(nibabel.load(path).dataobj.get_unscaled())
        return [data[:, :, i] for i in range(data.shape[2])]
    if kind == 'tiff':
        with tifffile.TiffFile(path) as t:
            # Tag 254, bit 0: a smaller copy of another page, which may go.
            return [p.asarray() for p in t.pages if not p.subfiletype & 1]
    if kind != 'dicom':
        with Image.open(path) as image:
            return [numpy.array(image)]
    d = pydicom.dcmread(path, force=True)
    if 'PixelData' not in d:
        return []
    frames = int(d.get('NumberOfFrames', 1) or 1)
    if d.file_meta.TransferSyntaxUID.is_compressed and not d.file_meta.TransferSyntaxUID.is_deflated:
        if d.file_meta.TransferSyntaxUID == pydicom.uid.RLELossless:
            whole = d.pixel_array
            return list(whole) if frames > 1 else [whole]
        return [numpy.array(Image.open(io.BytesIO(f))) for f in generate_pixel_data_frame(d.PixelData, frames)]
    bits = int(d.BitsAllocated)
    if bits == 1:
        count = int(d.Rows) * int(d.Columns) * frames
        data = numpy.unpackbits(numpy.frombuffer(d.PixelData, 'u1'), bitorder='little')[:count]
        return list(data.reshape((frames, int(d.Rows), int(d.Columns))))
    dtype = numpy.dtype({8: 'u1', 16: 'u2', 32: 'u4'}[bits])
    if bits > 8 and not d.is_little_endian:
        dtype = dtype.newbyteorder('>')
    samples = int(d.SamplesPerPixel)
    count = int(d.Rows) * int(d.Columns) * samples * frames
    data = numpy.frombuffer(d.PixelData, dtype)[:count]
    shape = (frames, int(d.Rows), int(d.Columns)) + ((samples,) if samples > 1 else ())
    return list(data.reshape(shape))


def gray(array):
    array = array.astype(float)
    return array.mean(axis=2) if array.ndim == 3 else array


def hidden(before, after, rect):
    """Whether a rectangle can't be read any more: the strokes' edges are gone, and nothing follows their pattern."""
    x, y, w, h = rect
    a = gray(before)[max(0, y):y + h, max(0, x):x + w]
    b = gray(after)[max(0, y):y + h, max(0, x):x + w]
    scale = gray(before).max() - gray(before).min() or 1
    was, now = numpy.diff(a, axis=1).ravel(), numpy.diff(b, axis=1).ravel()
    strong = numpy.abs(was) > 0.12 * scale
    if strong.sum() < 20:
        return False
    gone = (numpy.abs(now[strong]) < 0.4 * numpy.abs(was[strong])).mean()
    similar = numpy.corrcoef(was, now)[0, 1] if now.std() > 0 else 0
    return gone > 0.97 and abs(similar) < 0.25


def retained(before, after, rects, lossy):
    """Whether everything outside the rectangles (with room for a box drawn generously) is as it was."""
    if before.shape != after.shape:
        return False
    mask = numpy.ones(before.shape[:2], bool)
    for x, y, w, h in rects:
        m = max(16, h // 2)
        if lossy:
            m += 16
        mask[max(0, y - m):y + h + m, max(0, x - m):x + w + m] = False
    return bool((before[mask] == after[mask]).all())


def encodings(text, codec):
    found = set()
    for name in {codec, 'utf-8', 'utf-16-le', 'utf-16-be', 'latin-1', 'gb18030'}:
        try:
            data = text.encode(name)
        except UnicodeError:
            continue
        for piece in re.split(rb'\x1b[\x20-\x2f]+[\x30-\x7e]', data):
            if len(piece) >= 4:
                found.add(piece)
    return found


def unpacked(png):
    """What is compressed in a PNG: texts and profiles whole, the pixel stream with whatever follows it."""
    out, at, stream = [], 8, b''
    while at + 12 <= len(png):
        length = int.from_bytes(png[at:at + 4], 'big')
        kind, data = png[at + 4:at + 8], png[at + 8:at + 8 + length]
        at += 12 + length
        if kind == b'IDAT':
            stream += data
            continue
        for start in range(len(data)):
            if data[start] & 15 != 8:
                continue
            try:
                out.append(zlib.decompressobj().decompress(data[start:], 100_000))
            except zlib.error:
                pass
    inflate = zlib.decompressobj()
    out.append(inflate.decompress(stream))
    out.append(inflate.unused_data)
    return b'\n'.join(out)


def streams(data):
    """Every zlib and gzip stream that begins anywhere, unpacked, with what follows it: strips, volumes, members."""
    out = []
    for start in range(len(data) - 2):
        gzip = data[start] == 0x1f and data[start + 1] == 0x8b
        if not gzip and (data[start] & 15 != 8 or (data[start] * 256 + data[start + 1]) % 31):
            continue
        inflate = zlib.decompressobj(31 if gzip else 15)
        try:
            out += [inflate.decompress(data[start:], 10_000_000), inflate.unused_data]
        except zlib.error:
            pass
    return b'\n'.join(out)


uid_map, patient_map, shifts = {}, {}, {}
leaks, planted_total, exported = 0, 0, 0
everything = []
with open(os.path.join(base, 'report.json'), 'rb') as f:
    everything.append(('report', f.read()))
for row in rows:
    if row.get('output'):
        everything.append(('name', row['output'].encode('utf-8')))

for answer in answers:
    name = answer['name']
    source = os.path.abspath(os.path.join(folder, 'in', name))
    row = outputs.get(source)
    if row is None:
        failures.append(f'map: {name}: no row for this input')
        continue
    if row['status'] != 'exported':
        failures.append(f"status: {name}: {row['status']} {row.get('code')}")
        for expected in answer['expected']:
            note(expected['action'], False, name, 'not exported')
        continue
    exported += 1
    target = row['output']
    if not os.path.isabs(target):
        target = os.path.join(base, 'files', target)
    with open(target, 'rb') as f:
        raw = f.read()
    haystacks = [('bytes', raw)]
    dataset = None
    if answer['kind'] == 'png':
        haystacks.append(('unpacked', unpacked(raw)))
    if answer['kind'] in ('tiff', 'nifti'):
        haystacks.append(('unpacked', streams(raw)))
    if answer['kind'] == 'dicom':
        dataset = pydicom.dcmread(target, force=True)
        syntax = dataset.file_meta.TransferSyntaxUID
        if syntax.is_deflated:
            plain = io.BytesIO()
            copy = pydicom.dcmread(target, force=True)
            copy.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
            pydicom.dcmwrite(plain, copy)
            haystacks.append(('inflated', plain.getvalue()))
        dataset.walk(lambda _, element: element.value)
    for planted in answer['planted']:
        if planted.get('onlyRemoval') and not basic:
            continue
        planted_total += 1
        for piece in encodings(planted['text'], answer['codec']):
            low = piece.lower()
            for where, data in haystacks + everything:
                if low in data.lower():
                    leaks += 1
                    failures.append(f"leak: {name}: {planted['place']} in {where}")
                    break
            else:
                continue
            break
    pixels = None
    for expected in answer['expected']:
        action = expected['action']
        if expected.get('onlyRemoval') and not basic:
            continue
        if expected.get('onlyCleaning') and basic:
            continue
        path = expected.get('path', '')
        element = element_at(dataset, path) if dataset is not None and path else None
        value = text_of(element)
        if action == 'tag_retained':
            note(action, element is not None, name, path)
        elif action == 'text_notnull':
            note(action, bool(value), name, path)
        elif action == 'text_retained':
            note(action, value is not None and expected['text'] in value, name, f'{path} has {value!r}')
        elif action == 'text_removed':
            note(action, value is None or expected['text'].lower() not in value.lower(), name, path)
        elif action == 'date_shifted':
            if basic:
                note('text_removed', value is None or expected['before'] not in value, name, f'date {path}')
                continue
            try:
                before = datetime.datetime.strptime(expected['before'], '%Y%m%d')
                days = (datetime.datetime.strptime(value or '', '%Y%m%d') - before).days
            except ValueError:
                note(action, False, name, f'{path} is no date')
                continue
            same = shifts.setdefault(answer['patient'], days)
            note(action, days != 0 and days == same, name, f'{path} by {days}, others by {same}')
        elif action == 'uid_changed':
            ok = value is None or (value != expected['before'] and re.fullmatch(r'[0-9.]{1,64}', value) is not None)
            note(action, ok, name, path)
        elif action == 'uid_consistent':
            if value is None:
                continue
            same = uid_map.setdefault(expected['before'], value)
            note(action, same == value and value != expected['before'], name, path)
        elif action == 'patid_consistent':
            new = text_of(element_at(dataset, '00100020')) or ''
            same = patient_map.setdefault(expected['before'], new)
            others = [v for k, v in patient_map.items() if k != expected['before']]
            note(action, new not in ('', expected['before']) and new == same and new not in others, name, 'Patient ID')
        elif action in ('pixels_hidden', 'pixels_retained'):
            if pixels is None:
                pixels = (frames_of(source, answer['kind']), frames_of(target, answer['kind']))
            before, after = pixels
            if len(before) != len(after) or not before:
                note(action, False, name, 'frames')
            elif action == 'pixels_hidden':
                rect = expected['rect']
                bad = [i for i, (a, b) in enumerate(zip(before, after)) if not hidden(a, b, rect)]
                note(action, not bad, name, f'{rect} in frames {bad[:5]}')
            else:
                lossy = answer['kind'] == 'jpeg' or (
                    dataset is not None and str(dataset.file_meta.TransferSyntaxUID) == '1.2.840.10008.1.2.4.50'
                )
                bad = [
                    i for i, (a, b) in enumerate(zip(before, after)) if not retained(a, b, expected['rects'], lossy)
                ]
                note(action, not bad, name, f'frames {bad[:5]}')

targets = list(uid_map.values())
if len(set(targets)) != len(targets):
    failures.append('uid_consistent: two UIDs became one')
verdict = {
    'actions': tallies,
    'planted': {'found': leaks, 'total': planted_total},
    'files': {'exported': exported, 'total': len(answers)},
    'failures': failures,
}
with open(os.path.join(base, 'verdict.json'), 'w', encoding='utf-8') as f:
    json.dump(verdict, f)

// What leaves the building, in the words of the page.

import { say } from './language.svelte';
import { spanText } from './span';
import { millis } from './time';
import type { ExportCaseKind, ExportCopy, ExportPreparation, SealedExport } from './wire';

export function caseName(kind: ExportCaseKind | null | undefined, id: string | null | undefined): string {
  if (!kind || !id) return say('지난 건', 'An older case');
  return kind === 'request' ? say(`청구 ${id}`, `Request ${id}`) : say(`제공 ${id}`, `Disclosure ${id}`);
}

export const copySpan = (copy: ExportCopy) => spanText(millis(copy.from), millis(copy.until));

export const maskedText = (masked: boolean) =>
  masked ? say('다른 사람을 가림', 'Others are covered') : say('가리지 않음', 'Nobody is covered');

/** What is to be done next with a copy, and by whom. */
export function nextOf(copy: ExportCopy): string {
  const proposal = copy.proposal;
  switch (proposal?.state) {
    case 'open':
      return proposal.mine
        ? say('다른 사람의 승인을 기다립니다. 승인하는 사람도 이 화면에서 영상을 확인합니다.', 'It waits for another person, who looks at the clips here too.')
        : say('영상을 모두 확인한 뒤 승인하거나 거절하십시오.', 'Look at every clip, then approve or refuse.');
    case 'approved':
      return proposal.can_seal
        ? say('승인되었습니다. 봉인하면 파일이 만들어지고 작업본은 파기됩니다.', 'It is approved. Sealing makes the file and destroys the working copy.')
        : say('승인되었습니다. 올린 사람이나 승인한 사람이 봉인합니다.', 'It is approved. One of the two seals it.');
    case 'refused':
      return say('거절되었습니다. 고쳐서 다시 만들거나 파기하십시오.', 'It was refused. Prepare it anew, or destroy it.');
    default:
      return say('영상을 모두 확인한 뒤, 다른 사람에게 승인을 올리십시오.', 'Look at every clip, then propose it to another person.');
  }
}

export function preparationText(work: ExportPreparation): string {
  return work.percent === null || work.percent === undefined
    ? say('영상을 여는 중입니다.', 'Opening the footage.')
    : say(`사람을 가리는 중입니다: ${work.percent}%`, `Covering people: ${work.percent}%`);
}

/** Why a preparation failed, by its code; the rest is told in general. */
export function failureText(code: string): string {
  switch (code) {
    case 'mask-missing':
      return say('사람을 가리는 프로그램이 답하지 않습니다. 관리자에게 켜 달라고 하십시오.', 'The program that covers people does not answer. Ask the administrator to start it.');
    case 'footage-too-long':
      return say('한 파일에 담을 수 있는 것(256 MiB)보다 깁니다. 시간을 나누어 만드십시오.', 'It is more than one file holds (256 MiB). Take a shorter time.');
    case 'footage-gone':
      return say('그 시간에 남아 있는 영상이 없습니다.', 'Nothing of that time is kept.');
    case 'letter-unfit':
      return say('시행 중인 방침이 없어 누가 주는 영상인지 적을 수 없습니다. 방침을 먼저 공고하십시오.', 'No policy is in force, so the file could not say who gives it. Announce one first.');
    case 'forbidden':
      return say('로그아웃했거나 권한이 바뀌어 멈췄습니다. 다시 만드십시오.', 'It stopped when a session or a right ended. Prepare it anew.');
    default:
      return say('만들지 못했습니다. 다시 만들고, 되풀이되면 관리자에게 알리십시오.', 'It failed. Prepare it anew; if it fails again, tell the administrator.');
  }
}

export const receiptOf = (sealed: SealedExport) => `${sealed.year}/${sealed.number}`;

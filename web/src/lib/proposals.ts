// What a proposal is about, and what each step of it does, in words.

import { cameraNames } from './holds';
import { say } from './language.svelte';
import { spanText } from './span';
import { duration, durationTo, millis } from './time';
import type { Proposal } from './wire';

export type Step = 'approve' | 'refuse' | 'withdraw' | 'carry-out';

export const entryOf = ({ year, number }: Proposal) => `${year}/${number}`;

/** The rule on early destruction, which is about all cameras. */
export const isEarly = (proposal: Proposal) => proposal.action === 'footage.allow-early';

/** Single minutes that are to go before their time. */
export const isMinutes = (proposal: Proposal) => proposal.action === 'footage.destroy-minutes';

/** A version of the policy that promises less. */
export const isPolicy = (proposal: Proposal) => proposal.action === 'policy.loosen';

export function subjectOf(proposal: Proposal): string {
  const { camera, minutes } = proposal;
  if (isPolicy(proposal)) return say('방침', 'The policy');
  if (minutes) return cameraNames(minutes.cameras);
  return camera?.name ?? say('모든 카메라', 'All cameras');
}

/** `2026-11-22 14:10 – 14:20 (10분)`: what a proposal of single minutes names. */
export function minutesText({ minutes }: Proposal): string {
  if (!minutes) return '';
  const [from, to] = [millis(minutes.from), millis(minutes.to)];
  return `${spanText(from, to)} (${duration((to - from) / 1000)})`;
}

/** The button that carries it out says what is done. */
export const stepName = (proposal: Proposal, step: Step) => {
  if (step === 'carry-out' && isMinutes(proposal)) return say('파기', 'Destroy');
  return say(...STEPS[step]);
};

const STEPS: Record<Step, readonly [string, string]> = {
  approve: ['승인', 'Approve'],
  refuse: ['반려', 'Refuse'],
  withdraw: ['철회', 'Withdraw'],
  'carry-out': ['시행', 'Carry out'],
};

const DAY_MS = 86_400_000;

/** Whether its time runs out before it can be carried out: an approval would come to nothing. */
export function isTooLate(proposal: Proposal, nowMs: number): boolean {
  if (!isMinutes(proposal)) return false;
  const fromMs = proposal.carry_out_from ? millis(proposal.carry_out_from) : nowMs + DAY_MS;
  return fromMs >= millis(proposal.until);
}

/** What the destruction of single minutes does, in words that hold nothing back. */
export const minutesEffect = () =>
  say(
    '고른 카메라의 고른 시간만 영구히 파기되며 되돌릴 수 없습니다. 앞뒤 영상과 다른 카메라의 영상은 그대로 남습니다. 누가 요청하고 승인하고 파기했는지는 원장에 남습니다.',
    'Just these minutes of just these cameras are destroyed for good, and cannot be brought back. What is before and after them, and of other cameras, stays. Who proposed, approved and destroyed them stays in the ledger.',
  );

/** What an approved rule does, in one sentence that holds nothing back. */
export const earlyEffect = () =>
  say(
    '정한 뒤 하루가 지나면 시행됩니다. 그때부터 디스크가 거의 가득 차면 모든 카메라의 가장 오래된 영상이 약속한 보관 기간보다 일찍 파기되며, 파기된 영상은 되돌릴 수 없습니다. 법정 최소 보관 기간 안의 영상은 파기하지 않습니다.',
    'It takes effect a day after it is made. From then on, when the disk is nearly full, the oldest footage of all cameras is destroyed before its promised time, and cannot be brought back. Nothing within a statutory minimum is destroyed.',
  );

const FULL_AS_NOW = [
  '지금대로 디스크가 가득 차면 파기하지 않고 녹화를 멈춥니다.',
  'As now, a full disk stops recording and nothing is destroyed early.',
] as const;

/** What will be done, in words. */
export function question(proposal: Proposal, step: Step): string {
  if (isEarly(proposal)) return earlyQuestion(proposal, step);
  if (isMinutes(proposal)) return minutesQuestion(proposal, step);
  if (isPolicy(proposal)) return policyQuestion(proposal, step);
  const { proposed_by, present_max_s, retention_max_s } = proposal;
  const name = subjectOf(proposal);
  const [from, to] = [duration(present_max_s ?? 0), duration(retention_max_s ?? 0)];
  const until = durationTo(retention_max_s ?? 0);
  switch (step) {
    case 'approve':
      return say(
        `${proposed_by}의 요청을 승인합니다. ${name} 카메라의 보관 기간이 최장 ${from}에서 ${until} 바로 늘어납니다. 지금부터 녹화되는 영상에 적용됩니다.`,
        `You approve what ${proposed_by} asked for. ${name} is kept for at most ${to} instead of ${from}, at once, for what is recorded from now on.`,
      );
    case 'refuse':
      return say(
        `${proposed_by}의 요청을 반려합니다. ${name} 카메라의 보관 기간은 지금대로 최장 ${from}입니다.`,
        `You refuse what ${proposed_by} asked for. ${name} is kept for at most ${from}, as now.`,
      );
    case 'withdraw':
      return say(
        `올린 요청을 거두어들입니다. ${name} 카메라의 보관 기간은 지금대로 최장 ${from}입니다.`,
        `You take back what you proposed. ${name} is kept for at most ${from}, as now.`,
      );
    case 'carry-out':
      return say(
        `승인된 대로 시행합니다. ${name} 카메라의 보관 기간이 최장 ${from}에서 ${until} 늘어납니다. 지금부터 녹화되는 영상에 적용됩니다.`,
        `You carry out what was approved. ${name} is kept for at most ${to} instead of ${from}, for what is recorded from now on.`,
      );
  }
}

function earlyQuestion({ proposed_by }: Proposal, step: Step): string {
  switch (step) {
    case 'approve':
      return say(
        `${proposed_by}의 요청을 승인하여 조기 파기 규칙을 정합니다. ${earlyEffect()}`,
        `You approve what ${proposed_by} asked for, which makes the rule on early destruction. ${earlyEffect()}`,
      );
    case 'refuse':
      return say(
        `${proposed_by}의 요청을 반려합니다. ${FULL_AS_NOW[0]}`,
        `You refuse what ${proposed_by} asked for. ${FULL_AS_NOW[1]}`,
      );
    case 'withdraw':
      return say(`올린 요청을 거두어들입니다. ${FULL_AS_NOW[0]}`, `You take back what you proposed. ${FULL_AS_NOW[1]}`);
    case 'carry-out':
      return say(
        `승인된 대로 조기 파기 규칙을 정합니다. ${earlyEffect()}`,
        `You make the rule on early destruction, as approved. ${earlyEffect()}`,
      );
  }
}

function minutesQuestion({ proposed_by }: Proposal, step: Step): string {
  switch (step) {
    case 'approve':
      return say(
        `${proposed_by}의 요청을 승인합니다. 지금 파기되지는 않습니다: 승인하고 하루가 지난 뒤에 두 사람 중 한 사람이 파기합니다.`,
        `You approve what ${proposed_by} asked for. Nothing is destroyed now: a day after the approval one of you two does it.`,
      );
    case 'refuse':
      return say(
        `${proposed_by}의 요청을 반려합니다. 영상은 제 보관 기간까지 남습니다.`,
        `You refuse what ${proposed_by} asked for. The footage stays until its time.`,
      );
    case 'withdraw':
      return say('올린 요청을 거두어들입니다. 영상은 제 보관 기간까지 남습니다.', 'You take back what you proposed. The footage stays until its time.');
    case 'carry-out':
      return say('승인된 대로 지금 파기합니다. 되돌릴 수 없습니다.', 'You destroy what was approved, now. It cannot be brought back.');
  }
}

/** What announcing does, in words that hold nothing back. */
export const policyEffect = () =>
  say(
    '이 파일 그대로 공고되며 고치거나 거둘 수 없습니다. 파일에 적힌 공고일에만 공고할 수 있으므로, 그날이 지나면 새로 올려야 합니다.',
    'Just this file is announced, and cannot be edited or taken back. It can be announced only on the day it names; after that it is proposed anew.',
  );

function policyQuestion({ proposed_by, policy }: Proposal, step: Step): string {
  const day = policy?.effective ?? '';
  switch (step) {
    case 'approve':
      return say(
        `${proposed_by}의 요청을 승인합니다. 지금보다 덜 약속하는 방침이 바로 공고되고 ${day}부터 시행됩니다. ${policyEffect()}`,
        `You approve what ${proposed_by} asked for. A policy that promises less is announced now, in force from ${day}. ${policyEffect()}`,
      );
    case 'refuse':
      return say(`${proposed_by}의 요청을 반려합니다. 지금 방침이 그대로 시행됩니다.`, `You refuse what ${proposed_by} asked for. The policy stays as it is.`);
    case 'withdraw':
      return say('올린 요청을 거두어들입니다. 지금 방침이 그대로 시행됩니다.', 'You take back what you proposed. The policy stays as it is.');
    case 'carry-out':
      return say(`승인된 대로 공고합니다. ${day}부터 시행됩니다. ${policyEffect()}`, `You announce what was approved, in force from ${day}. ${policyEffect()}`);
  }
}

/** What was done, in words. */
export function answer(proposal: Proposal, step: Step): string {
  const entry = entryOf(proposal);
  if (step === 'refuse') return say(`승인 요청(${entry})을 반려했습니다.`, `Proposal ${entry} was refused.`);
  if (step === 'withdraw') return say(`승인 요청(${entry})을 철회했습니다.`, `Proposal ${entry} was withdrawn.`);
  if (isEarly(proposal)) {
    return say('조기 파기 규칙을 정했습니다. 하루 뒤부터 시행됩니다.', 'The rule on early destruction was made. It takes effect in a day.');
  }
  if (isMinutes(proposal)) {
    if (step === 'approve') return say('승인했습니다. 하루가 지난 뒤에 두 사람 중 한 사람이 파기할 수 있습니다.', 'Approved. In a day one of you two can destroy it.');
    return say(`${subjectOf(proposal)} ${minutesText(proposal)} 영상을 파기했습니다.`, `${subjectOf(proposal)}, ${minutesText(proposal)}: destroyed.`);
  }
  if (isPolicy(proposal)) return say('새 방침을 공고했습니다.', 'The new version was announced.');
  const [name, lengthS] = [subjectOf(proposal), proposal.retention_max_s ?? 0];
  return say(
    `${name} 카메라의 보관 기간이 최장 ${durationTo(lengthS)} 바뀌었습니다.`,
    `${name} is kept for at most ${duration(lengthS)} from now on.`,
  );
}

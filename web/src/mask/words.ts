// How moments of a clip and doubts are named.
import { say } from '../lib/language.svelte';
import type { Doubt } from './review';

/** Minutes, seconds and tenths since the beginning of the clip. */
export function clock(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  return `${minutes}:${String(Math.floor(rest / 10)).padStart(2, '0')}.${rest % 10}`;
}

export function whyText({ why, track }: Doubt): string {
  switch (why) {
    case 'unsure':
      return say(`${track}번을 잠시 놓침`, `${track} was lost for a while`);
    case 'appears':
      return say(`${track}번이 화면 가운데에서 나타남`, `${track} appears in the middle`);
    case 'vanishes':
      return say(`${track}번이 화면 가운데에서 사라짐`, `${track} vanishes in the middle`);
    case 'short':
      return say(`${track}번은 아주 잠깐 보임`, `${track} is there for a moment only`);
    case 'moves':
      return say('누구인지 모르는 움직임(가려짐)', 'Movement of nobody known (covered)');
    case 'meets':
      return say(`보이는 ${track}번이 다른 사람과 겹침`, `${track}, who is shown, meets another`);
  }
}

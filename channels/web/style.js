/** The widget's look, kept inside its shadow so that no host page can change it. Pixels only: a page's rem is not ours. */

/** Returns the rule that carries the page's colours; important here is stronger than important on the page. */
export function colourStyle({ colour, on, words }) {
  return `:host { --colour: ${colour} !important; --on: ${on} !important; --words: ${words} !important; }`;
}

export const STYLE = `
:host { all: initial !important; direction: ltr !important; display: block !important; width: 0 !important; height: 0 !important;
  --ink: #1b2429 !important; --soft: #f1f5f7 !important; --line: #c9d4da !important; --paper: #fff !important;
  -webkit-text-size-adjust: 100% !important; text-size-adjust: 100% !important; word-break: keep-all !important; overflow-wrap: anywhere !important;
  font: 16px/1.55 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", sans-serif !important; color: var(--ink) !important; }
* { box-sizing: border-box; font: inherit; color: inherit; }
p { margin: 0 0 .35em; } p:last-child { margin-bottom: 0; }
strong, th, .head, .card-title { font-weight: 700; }
[hidden] { display: none !important; }
button { cursor: pointer; background: none; border: 0; padding: 0; }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; border-radius: 6px; }
.launcher { position: fixed; inset-block-end: calc(20px + env(safe-area-inset-bottom)); inset-inline-end: 20px; z-index: 2147483000;
  background: var(--colour); color: var(--on); border-radius: 999px; padding: 14px 20px; font-weight: 700; box-shadow: 0 4px 18px #0005; white-space: nowrap; }
.launcher { inset-inline-end: calc(20px + env(safe-area-inset-right)); } .left .launcher { inset-inline: calc(20px + env(safe-area-inset-left)) auto; }
.badge { position: absolute; inset: -7px -5px auto auto; min-width: 24px; height: 24px; line-height: 24px; padding: 0 6px; border-radius: 12px; background: #b3261e; color: #fff; font-size: 14px; text-align: center; box-shadow: 0 0 0 2px #fff; }
.left .badge { inset-inline: auto -5px; }
.panel:focus { outline: none; } .panel { position: relative; display: flex; flex-direction: column; background: var(--paper); overflow: hidden; }
.floating .panel { position: fixed; z-index: 2147483001; inset-block-end: 20px; inset-inline-end: 20px; width: 400px;
  height: min(680px, calc(100dvh - 40px)); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 8px 40px #0004; }
.floating.left .panel { inset-inline: 20px auto; }
.inline .panel { height: 100%; min-height: 0; border: 1px solid var(--line); border-radius: 16px; }
:host([inline]) { width: auto !important; height: 100% !important; } .inline { height: 100%; }
header { display: flex; align-items: center; gap: 4px; padding: 10px 10px 10px 16px; background: var(--colour); color: var(--on); }
header h2 { flex: 1; min-width: 0; margin: 0; font-size: 17px; font-weight: 700; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
header button { padding: 7px 10px; border-radius: 8px; font-size: 14px; min-height: 40px; min-width: 40px; white-space: nowrap; } header button:hover { background: #7f7f7f4d; }
header .dots { font-size: 22px; line-height: 1; font-weight: 700; } header .close { font-size: 24px; line-height: 1; }
.menu-place { position: relative; }
.menu { position: absolute; z-index: 2; inset: calc(100% + 6px) 0 auto auto; min-width: 160px; display: grid; padding: 6px; background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 6px 24px #0004; }
.menu button { padding: 9px 14px; text-align: start; font-size: 15px; } .menu button:hover { background: var(--soft); }
.over { position: relative; height: 0; display: flex; justify-content: center; align-items: flex-end; gap: 8px; }
.below, .about { margin-bottom: 10px; box-shadow: 0 3px 14px #0003; max-width: 94%; }
.below { background: var(--colour); color: var(--on); border-radius: 999px; padding: 8px 16px; font-size: 15px; font-weight: 700; }
.log { flex: 1; min-height: 0; overflow-y: auto; padding: 16px 14px; background: var(--soft); overscroll-behavior: contain; }
.turn { margin-bottom: 14px; } .reply { margin-bottom: 8px; }
.bubble { background: var(--paper); border: 1px solid var(--line); border-radius: 4px 14px 14px 14px; padding: 11px 14px; max-width: 94%; overflow-wrap: anywhere; word-break: keep-all; }
.mine { display: flex; justify-content: flex-end; margin-bottom: 10px; }
.mine .bubble { background: var(--colour); color: var(--on); border-color: transparent; border-radius: 14px 14px 4px 14px; max-width: 84%; white-space: pre-wrap; }
.choices { display: flex; flex-wrap: wrap; gap: 7px; margin-top: 8px; }
.choice, .about { border: 1.5px solid var(--words); color: var(--words); background: var(--paper); border-radius: 999px; padding: 7px 13px; font-size: 15px; text-align: start; min-height: 40px; }
.choice:hover, .about:hover { background: #e8eef1; }
.term { display: inline; color: var(--words); border-bottom: 2px dotted var(--words); font-weight: 600; text-align: start; }
.bubble > p:has(+ .term-note:empty:last-child) { margin-bottom: 0; } .term[aria-expanded=true] { background: #fff2cf; }
.term-note:not(:empty) { position: relative; background: #fff8e5; border: 1px solid #e3cf94; border-radius: 10px; padding: 9px 40px 9px 12px; margin: 8px 0; font-size: 15px; }
.quiet { position: absolute; inset: 2px 2px auto auto; width: 36px; height: 36px; font-size: 20px; }
.card { margin: 8px 0; border-inline-start: 3px solid var(--line); padding-inline-start: 10px; }
ol, ul { margin: 4px 0; padding-inline-start: 22px; } li { margin-bottom: 5px; } ol li::marker { font-weight: 700; color: var(--words); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 15px; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 6px 8px; text-align: start; vertical-align: top; min-width: 48px; }
.sources { margin-top: 8px; font-size: 14px; color: #46555d; } .sources summary { cursor: pointer; padding: 4px 0; }
.sources ul { padding-inline-start: 18px; } .facts { display: block; }
a { color: #07506b; text-decoration: underline; }
.rate { display: flex; gap: 4px; align-items: center; font-size: 14px; color: #46555d; }
.rate button { padding: 6px 9px; border-radius: 8px; min-height: 36px; } .rate button:hover, .rate [aria-pressed=true] { background: #dbe6eb; }
.typing { color: #46555d; font-size: 15px; padding: 2px 4px 10px; }
.typing::after { content: " …"; animation: blink 1.2s infinite; } @keyframes blink { 50% { opacity: .2; } }
.company { padding: 0 16px; font-size: 14px; color: #46555d; background: var(--soft); } .company span::after { content: " …"; animation: blink 1.2s infinite; }
.staff .bubble { border-color: var(--words); } .who { margin: 0 2px 3px; font-size: 14px; font-weight: 700; color: var(--words); }
.notice { background: #fdeceb; border-top: 1px solid #e5b5b1; color: #7c1d14; padding: 9px 14px; font-size: 15px; display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.notice span { flex: 1 1 200px; } .notice button { border: 1.5px solid #7c1d14; border-radius: 8px; padding: 5px 10px; color: #7c1d14; }
form { display: flex; gap: 8px; align-items: flex-end; padding: 10px calc(12px + env(safe-area-inset-right)) calc(10px + env(safe-area-inset-bottom)) calc(12px + env(safe-area-inset-left)); border-top: 1px solid var(--line); background: var(--paper); }
textarea { flex: 1; min-width: 0; resize: none; border: 1.5px solid #7b8b94; border-radius: 12px; padding: 9px 12px; max-height: 130px; background: var(--paper); }
textarea::placeholder { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; color: #5c6a72; opacity: 1; }
form button { background: var(--colour); color: var(--on); border-radius: 12px; padding: 10px 16px; font-weight: 700; min-height: 46px; white-space: nowrap; }
form .clip { background: none; color: #46555d; padding: 10px 8px; display: grid; place-items: center; } form .clip:hover { color: var(--words); }
.file { display: flex; gap: 10px; align-items: center; border: 1.5px solid var(--line); border-radius: 12px; padding: 9px 12px; margin: 6px 0; text-decoration: none; }
.file:hover { border-color: var(--words); } .file .kind { background: var(--colour); color: var(--on); border-radius: 6px; font-size: 12px; font-weight: 700; padding: 3px 6px; }
.file span:nth-child(2) { flex: 1; overflow-wrap: anywhere; } .file .facts { display: inline; font-size: 13px; white-space: nowrap; } .image { display: block; max-width: 100%; height: auto; margin: 8px 0; border-radius: 8px; } progress { display: block; width: 100%; height: 6px; margin-top: 6px; }
form button:disabled { opacity: .55; cursor: default; }
.hidden-label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 520px), (max-height: 420px) {
  .floating .panel, .floating.left .panel { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; }
  .floating header { padding: calc(8px + env(safe-area-inset-top)) calc(8px + env(safe-area-inset-right)) 8px calc(14px + env(safe-area-inset-left)); touch-action: none; }
}
@media (max-width: 520px) { .bubble { max-width: 98%; } .inline .panel { border-radius: 0; border-inline: 0; } }
@media (max-width: 400px) { header button { padding: 7px 8px; } form { gap: 6px; } form button { padding: 10px 13px; } }
@media (max-width: 350px) { header { gap: 0; } header h2 { font-size: 16px; } header button { padding: 7px 5px; } form .clip { padding: 10px 3px; } textarea { padding: 9px 10px; } }
@media print { .floating { display: none; } }
@media (prefers-reduced-motion: reduce) { .typing::after, .company span::after { animation: none; } }
`;

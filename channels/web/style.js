/** The widget's look, kept inside its shadow so that no host page can change it. */
export const STYLE = `
:host { all: initial !important; display: block !important; --colour: #0b5c7a; --ink: #1b2429; --soft: #f1f5f7; --line: #c9d4da; --paper: #fff;
  font: 16px/1.55 system-ui, "Apple SD Gothic Neo", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", sans-serif !important; color: var(--ink) !important; }
* { box-sizing: border-box; font: inherit; color: inherit; }
p { margin: 0 0 .35em; } p:last-child { margin-bottom: 0; }
strong, th, .head, .card-title { font-weight: 700; }
[hidden] { display: none !important; }
button { cursor: pointer; background: none; border: 0; padding: 0; }
:focus-visible { outline: 3px solid #f2a900; outline-offset: 2px; border-radius: 6px; }
.launcher { position: fixed; inset-block-end: calc(20px + env(safe-area-inset-bottom)); inset-inline-end: 20px; z-index: 2147483000;
  background: var(--colour); color: #fff; border-radius: 999px; padding: 14px 20px; font-weight: 700; box-shadow: 0 4px 18px #0005; }
:host([position=left]) .launcher { inset-inline: 20px auto; }
.panel { display: flex; flex-direction: column; background: var(--paper); overflow: hidden; }
.floating .panel { position: fixed; z-index: 2147483001; inset-block-end: 20px; inset-inline-end: 20px; width: 400px;
  height: min(680px, calc(100dvh - 40px)); border: 1px solid var(--line); border-radius: 16px; box-shadow: 0 8px 40px #0004; }
:host([position=left]) .floating .panel { inset-inline: 20px auto; }
.inline .panel { height: 100%; min-height: 0; border: 1px solid var(--line); border-radius: 16px; }
:host([inline]) { height: 100% !important; } .inline { height: 100%; }
header { display: flex; align-items: center; gap: 4px; padding: 10px 12px 10px 16px; background: var(--colour); color: #fff; }
header h2 { flex: 1; margin: 0; font-size: 17px; font-weight: 700; }
header button { padding: 7px 10px; border-radius: 8px; font-size: 14px; color: #fff; min-height: 36px; } header button:hover { background: #ffffff2e; }
.log { flex: 1; min-height: 0; overflow-y: auto; padding: 16px 14px; background: var(--soft); overscroll-behavior: contain; }
.turn { margin-bottom: 14px; } .reply { margin-bottom: 8px; }
.bubble { background: var(--paper); border: 1px solid var(--line); border-radius: 4px 14px 14px 14px; padding: 11px 14px; max-width: 94%; overflow-wrap: anywhere; word-break: keep-all; }
.mine { display: flex; justify-content: flex-end; margin-bottom: 10px; }
.mine .bubble { background: var(--colour); color: #fff; border-color: transparent; border-radius: 14px 14px 4px 14px; max-width: 84%; white-space: pre-wrap; }
.choices { display: flex; flex-wrap: wrap; gap: 7px; margin-top: 8px; }
.choice { border: 1.5px solid var(--colour); color: var(--colour); background: var(--paper); border-radius: 999px; padding: 7px 13px; font-size: 15px; text-align: start; min-height: 40px; }
.choice:hover { background: #e5f1f5; }
.term { display: inline; color: var(--colour); border-bottom: 2px dotted var(--colour); font-weight: 600; text-align: start; }
.term[aria-expanded=true] { background: #fff2cf; }
.term-note:not(:empty) { position: relative; background: #fff8e5; border: 1px solid #e3cf94; border-radius: 10px; padding: 9px 40px 9px 12px; margin: 8px 0; font-size: 15px; }
.quiet { position: absolute; inset: 2px 2px auto auto; width: 36px; height: 36px; font-size: 20px; }
.card { margin: 8px 0; border-inline-start: 3px solid var(--line); padding-inline-start: 10px; }
ol, ul { margin: 4px 0; padding-inline-start: 22px; } li { margin-bottom: 5px; } ol li::marker { font-weight: 700; color: var(--colour); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 15px; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: 6px 8px; text-align: start; vertical-align: top; min-width: 48px; }
.sources { margin-top: 8px; font-size: 14px; color: #46555d; } .sources summary { cursor: pointer; padding: 4px 0; }
.sources ul { padding-inline-start: 18px; } .facts { display: block; }
a { color: #07506b; text-decoration: underline; }
.rate { display: flex; gap: 4px; align-items: center; font-size: 14px; color: #46555d; }
.rate button { padding: 6px 9px; border-radius: 8px; min-height: 36px; } .rate button:hover, .rate [aria-pressed=true] { background: #dbe6eb; }
.typing { color: #46555d; font-size: 15px; padding: 2px 4px 10px; }
.typing::after { content: " …"; animation: blink 1.2s infinite; } @keyframes blink { 50% { opacity: .2; } }
.notice { background: #fdeceb; border-top: 1px solid #e5b5b1; color: #7c1d14; padding: 9px 14px; font-size: 15px; display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.notice span { flex: 1; } .notice button { border: 1.5px solid #7c1d14; border-radius: 8px; padding: 5px 10px; color: #7c1d14; }
form { display: flex; gap: 8px; align-items: flex-end; padding: 10px 12px calc(10px + env(safe-area-inset-bottom)); border-top: 1px solid var(--line); background: var(--paper); }
textarea { flex: 1; min-width: 0; resize: none; border: 1.5px solid #7b8b94; border-radius: 12px; padding: 9px 12px; max-height: 130px; background: var(--paper); }
form button { background: var(--colour); color: #fff; border-radius: 12px; padding: 10px 16px; font-weight: 700; min-height: 46px; white-space: nowrap; }
form .clip { background: none; color: #46555d; padding: 10px 8px; display: grid; place-items: center; } form .clip:hover { color: var(--colour); }
.file { display: flex; gap: 10px; align-items: center; border: 1.5px solid var(--line); border-radius: 12px; padding: 9px 12px; margin: 6px 0; text-decoration: none; }
.file:hover { border-color: var(--colour); } .file .kind { background: var(--colour); color: #fff; border-radius: 6px; font-size: 12px; font-weight: 700; padding: 3px 6px; }
.file span:nth-child(2) { flex: 1; overflow-wrap: anywhere; } .file .facts { display: inline; font-size: 13px; white-space: nowrap; } progress { display: block; width: 100%; height: 6px; margin-top: 6px; }
form button:disabled { opacity: .55; cursor: default; }
.hidden-label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 520px) { .floating .panel { inset: 0; width: auto; height: 100dvh; border: 0; border-radius: 0; } .bubble { max-width: 98%; } .inline .panel { border-radius: 0; border-inline: 0; } }
@media (prefers-reduced-motion: reduce) { .typing::after { animation: none; } }
`;

// The words of the page in both languages: by ?lang= of the address, else by the browser's language.
const en = {
  title: 'Finance', summary: 'Summary', charges: 'Charges', open: 'Open fees', budgets: 'Budgets', lookup: 'Find a fee',
  navigation: 'Views', skip: 'Skip to content', language: '中文', theme: 'Colours', auto: 'Automatic', light: 'Light', dark: 'Dark',
  signOut: 'Sign out', signedInAs: 'Signed in as {0}', loading: 'Loading…', retry: 'Try again',
  failed: 'This could not be loaded: {0}', unreachable: 'the gateway cannot be reached', request: 'Request {0}',
  sessionEnded: 'You have been signed out. What is on this page stays as it is.', signInAgain: 'Sign in again',
  opensNew: '(opens a new window)', noRoleTitle: 'No access',
  noRole: 'You are signed in as {0}, without the role finance or operator. Ask the people who manage your account for it, then sign in anew.',
  signedOutTitle: 'Signed out', signedOutText: 'You are signed out.', signIn: 'Sign in',
  signInFailedTitle: 'Signing in failed', signInFailedText: 'Signing in did not succeed, or could not be completed at the moment.',
  signedInTitle: 'Signed in', signedInText: 'You are signed in again. This window can be closed.',
  notFoundTitle: 'Not found', notFoundText: 'There is no such page.',
  filters: 'Filters', apply: 'Show', clear: 'Clear', from: 'From', to: 'To (inclusive)', status: 'Status', basis: 'Basis',
  caller: 'Caller', costCentre: 'Cost centre', taskNo: 'Task number', session: 'Session', any: 'Any', zone: 'Days and times are those of {0}.',
  openedAt: 'Pre-deducted', settledAt: 'Ended', amount: 'Amount', reference: 'Reference', more: 'Load more',
  shown: '{0} charges shown.', shownAll: '{0} charges, all of them.', shownNone: 'No charge fits these filters.',
  by: 'By', byDay: 'Day', byMonth: 'Month', month: 'Month', lastMonth: 'Last month shown', day: 'Day', total: 'Total',
  preDeducted: 'Pre-deducted', charged: 'Charged', refunded: 'Refunded', presumed: 'Of these presumed', openFees: 'Open',
  unconfirmed: 'Unconfirmed', adjusted: 'Adjusted', noFees: 'There are no fees in this time.', fees: '{0} fees', oneFee: '1 fee',
  chart: 'Fees in {0}: charged {1}, refunded {2}, open {3}, unconfirmed {4}. The table below has each figure.',
  summaryTable: 'Fees in {0} by {1}', showCharges: 'Charges of {0}',
  openText: 'Fees without an end, by the time since they were taken. Of those older than four hours there should be none.',
  age: 'Age', noOpen: 'No fee is open.', openTable: 'Open fees by age',
  'age.0-10m': 'Under 10 minutes', 'age.10-60m': '10 to 60 minutes', 'age.1-2h': '1 to 2 hours', 'age.2-4h': '2 to 4 hours', 'age.4h-': 'Over 4 hours',
  budget: 'Budget', spent: 'Spent', used: 'Used', hardStop: 'When spent', stops: 'Opens are refused', warns: 'Warns only', setBy: 'Set by',
  configured: 'Configuration', noBudgets: 'No caller has a budget.', budgetsTable: 'Budgets of callers', reached: '{0} % reached',
  lookupText: 'Enter the id of a session to see why its fee was charged or came back.', find: 'Find', badId: 'This is no id of a session.',
  why: 'Why was this charged?', fee: 'Fee of session {0}', facts: 'The fee', ledger: 'Ledger', events: 'Events', kind: 'Entry', recordedAt: 'Recorded',
  event: 'Event', at: 'Time', code: 'Vendor’s code', stands: 'Fee stands at', sessionStatus: 'Session', noFee: 'This session does not exist, or has no fee.',
  noLedger: 'The ledger is for the role finance.',
  'why.CHARGED.RULE': 'Charged: the vendor gave the verdict {0}, and by its billing rule that makes the fee final.',
  'why.CHARGED.VENDOR': 'Charged: the vendor’s own flag says that the fee was charged (verdict {0}).',
  'why.CHARGED.PRESUMED': 'Charged, as the vendor’s billing rule has it; its own answer was lost.',
  'why.REFUNDED.RULE': 'Returned: the vendor answered {0}, and by its billing rule the fee came back.',
  'why.REFUNDED.VENDOR': 'Returned: the vendor’s own flag says that the fee was not charged (answer {0}).',
  'why.REFUNDED.PRESUMED': 'Presumed to have come back: the vendor gave no answer until its token had ended, and by its billing rule the fee is returned then. Compare it with the vendor’s bill.',
  'why.PRE_DEDUCTED': 'Taken, and still open: the vendor has given no verdict yet.',
  'why.UNCONFIRMED': 'Perhaps taken: the vendor’s answer to the opening was lost. It counts as returned once a token opened then would have ended.',
  'why.none': 'The fee stands at {0}.',
  'status.PRE_DEDUCTED': 'Pre-deducted', 'status.UNCONFIRMED': 'Unconfirmed', 'status.CHARGED': 'Charged', 'status.REFUNDED': 'Refunded', 'status.NONE': 'No fee',
  'basis.VENDOR': 'Vendor’s word', 'basis.RULE': 'Billing rule', 'basis.PRESUMED': 'Presumed',
  'kind.PRE_DEDUCT': 'Pre-deduction', 'kind.CHARGE': 'Charge', 'kind.REFUND': 'Refund',
  'event.OPENING': 'Opening begun', 'event.OPENED': 'Opened', 'event.REJECTED': 'Refused by the vendor', 'event.OUTCOME_UNKNOWN': 'Answer lost',
  'event.CHECKED': 'Asked for the verdict', 'event.SETTLED': 'Verdict recorded', 'event.CONTRADICTED': 'Contradicting answer',
  'event.WRITTEN_OFF': 'Counted as returned', 'event.FACE_REDACTED': 'Photograph forgotten',
  'session.PENDING': 'Pending', 'session.PASSED': 'Passed', 'session.NOT_PASSED': 'Not passed', 'session.FAILED': 'Failed',
  'session.EXPIRED': 'Expired', 'session.REJECTED': 'Rejected', 'session.UNKNOWN': 'Unknown', 'session.OPENING': 'Opening',
};

const zh = {
  title: '财务', summary: '汇总', charges: '费用明细', open: '未结费用', budgets: '预算', lookup: '查找费用',
  navigation: '视图', skip: '跳到正文', language: 'English', theme: '配色', auto: '自动', light: '浅色', dark: '深色',
  signOut: '退出登录', signedInAs: '当前用户：{0}', loading: '加载中…', retry: '重试',
  failed: '无法加载：{0}', unreachable: '无法连接网关', request: '请求编号 {0}',
  sessionEnded: '您已退出登录，本页内容保持不变。', signInAgain: '重新登录',
  opensNew: '（打开新窗口）', noRoleTitle: '没有权限',
  noRole: '您以 {0} 的身份登录，但没有 finance 或 operator 角色。请联系账号管理员授权后重新登录。',
  signedOutTitle: '已退出登录', signedOutText: '您已退出登录。', signIn: '登录',
  signInFailedTitle: '登录失败', signInFailedText: '登录未成功，或暂时无法完成。',
  signedInTitle: '已登录', signedInText: '您已重新登录，可以关闭此窗口。',
  notFoundTitle: '未找到', notFoundText: '没有这个页面。',
  filters: '筛选', apply: '查询', clear: '清除', from: '起始日', to: '截止日（含）', status: '状态', basis: '依据',
  caller: '调用方', costCentre: '成本中心', taskNo: '任务编号', session: '会话', any: '不限', zone: '日期和时间均为 {0} 时区。',
  openedAt: '预扣时间', settledAt: '结束时间', amount: '金额', reference: '业务编号', more: '加载更多',
  shown: '已显示 {0} 笔费用。', shownAll: '共 {0} 笔费用，已全部显示。', shownNone: '没有符合条件的费用。',
  by: '分组', byDay: '按日', byMonth: '按月', month: '月份', lastMonth: '截至月份', day: '日期', total: '合计',
  preDeducted: '预扣', charged: '实扣', refunded: '退回', presumed: '其中推定', openFees: '未结',
  unconfirmed: '待确认', adjusted: '调整', noFees: '这段时间没有费用。', fees: '{0} 笔', oneFee: '1 笔',
  chart: '{0} 费用：实扣 {1}，退回 {2}，未结 {3}，待确认 {4}。各项数字见下表。',
  summaryTable: '{0} 费用（{1}）', showCharges: '查看 {0} 的费用',
  openText: '尚未结束的费用，按预扣至今的时间分组。超过四小时的应为零。',
  age: '时长', noOpen: '没有未结费用。', openTable: '未结费用（按时长）',
  'age.0-10m': '10 分钟以内', 'age.10-60m': '10 至 60 分钟', 'age.1-2h': '1 至 2 小时', 'age.2-4h': '2 至 4 小时', 'age.4h-': '4 小时以上',
  budget: '预算', spent: '已用', used: '使用率', hardStop: '用完后', stops: '拒绝新开', warns: '仅提醒', setBy: '设定人',
  configured: '配置', noBudgets: '没有调用方设有预算。', budgetsTable: '各调用方预算', reached: '已达 {0}%',
  lookupText: '输入会话编号，查看其费用为何扣除或退回。', find: '查找', badId: '这不是会话编号。',
  why: '为什么收取这笔费用？', fee: '会话 {0} 的费用', facts: '费用', ledger: '账本', events: '事件', kind: '分录', recordedAt: '记账时间',
  event: '事件', at: '时间', code: '供应商代码', stands: '费用状态', sessionStatus: '会话状态', noFee: '该会话不存在，或没有费用。',
  noLedger: '账本仅对 finance 角色开放。',
  'why.CHARGED.RULE': '已实扣：供应商给出结果 {0}，按其计费规则费用确定收取。',
  'why.CHARGED.VENDOR': '已实扣：供应商的计费标志表明已收费（结果 {0}）。',
  'why.CHARGED.PRESUMED': '按供应商计费规则推定为已实扣；供应商的答复丢失。',
  'why.REFUNDED.RULE': '已退回：供应商答复 {0}，按其计费规则费用退回。',
  'why.REFUNDED.VENDOR': '已退回：供应商的计费标志表明未收费（答复 {0}）。',
  'why.REFUNDED.PRESUMED': '推定已退回：直到令牌失效供应商都没有答复，按其计费规则此时费用退回。请与供应商账单核对。',
  'why.PRE_DEDUCTED': '已预扣，尚未结束：供应商还没有给出结果。',
  'why.UNCONFIRMED': '可能已扣：开通请求的答复丢失。待当时的令牌应已失效后，按退回计算。',
  'why.none': '费用状态：{0}。',
  'status.PRE_DEDUCTED': '已预扣', 'status.UNCONFIRMED': '待确认', 'status.CHARGED': '已实扣', 'status.REFUNDED': '已退回', 'status.NONE': '无费用',
  'basis.VENDOR': '供应商声明', 'basis.RULE': '计费规则', 'basis.PRESUMED': '推定',
  'kind.PRE_DEDUCT': '预扣', 'kind.CHARGE': '实扣', 'kind.REFUND': '退回',
  'event.OPENING': '开始开通', 'event.OPENED': '已开通', 'event.REJECTED': '被供应商拒绝', 'event.OUTCOME_UNKNOWN': '答复丢失',
  'event.CHECKED': '查询结果', 'event.SETTLED': '结果入账', 'event.CONTRADICTED': '答复矛盾',
  'event.WRITTEN_OFF': '按退回计算', 'event.FACE_REDACTED': '照片已删除',
  'session.PENDING': '进行中', 'session.PASSED': '通过', 'session.NOT_PASSED': '未通过', 'session.FAILED': '失败',
  'session.EXPIRED': '已过期', 'session.REJECTED': '被拒绝', 'session.UNKNOWN': '未知', 'session.OPENING': '开通中',
};

const asked = new URLSearchParams(location.search).get('lang');
export const lang = asked === 'zh' || asked === 'en' ? asked : navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
export const otherLang = lang === 'zh' ? 'en' : 'zh';
// What the address must say to stay in this language; null where the browser says it.
export const askedLang = asked === lang ? lang : null;

const words = lang === 'zh' ? zh : en;

document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';

export function t(key, ...values) {
  return (words[key] ?? key).replace(/\{(\d)}/g, (whole, at) => values[at] ?? '');
}

/** A value of the API in words; as it is when it is one of a later version. */
export function word(kind, value) {
  return value === undefined ? '' : words[`${kind}.${value}`] ?? value;
}

export const untranslated = () => Object.keys(en).filter((key) => !(key in zh)).concat(Object.keys(zh).filter((key) => !(key in en)));

/** Every text of the pages, [English, 中文], and the switch between the two. */

const TEXTS = {
  'sandbox': ['Sandbox', '沙箱'],
  'footer': ['Sandbox: no real vendor, no real fee.', '沙箱环境：不连接真实厂商，不产生真实费用。'],
  'retry': ['Try again', '重试'],

  'signin.page': ['Sign in to the console', '登录控制台'],
  'signin.intro': [
    'Replaces your company’s issuer: choose a person; no password is needed.',
    '代替贵公司的身份提供方：选择一个人即可，无需密码。'],
  'signin.fiona': ['Fiona: finance', 'Fiona：财务'],
  'signin.ada': ['Ada: finance and finance-admin', 'Ada：财务和财务管理员'],
  'signin.ben': ['Ben: finance and finance-admin, for the second confirmation', 'Ben：财务和财务管理员，复核人'],
  'signin.otto': ['Otto: operator', 'Otto：运维'],
  'signin.nora': ['Nora: no role', 'Nora：没有角色'],

  'start.page': ['Start a liveness check', '发起活体检测'],
  'start.intro': [
    'Opens a session at the gateway as an internal service would, and sends you to the vendor’s capture page, imitated here.',
    '像内部服务一样在网关开启一个会话，然后前往（此处模拟的）厂商采集页。'],
  'start.who': ['Caller', '调用方'],
  'start.who.hint': ['The authenticated internal service. It sees its own sessions only.', '经过认证的内部服务，只能看到自己的会话。'],
  'start.scenario': ['Scenario', '场景'],
  'start.real': ['A real person in front of the camera', '真人面对摄像头'],
  'start.real.hint': ['You walk through the capture page and choose the verdict there.', '您将走完采集页，并在那里选择结论。'],
  'start.scenarios.missing': ['The scenarios could not be loaded; a real person is still possible.', '场景列表加载失败，仍可使用真人方式。'],
  'start.check': ['The check', '检测'],
  'start.style': ['Action style', '动作模式'],
  'start.actions': ['Actions, in the order you press them', '动作（按点击顺序）'],
  'start.mutex': ['Stop at once when another action is made', '做出其他动作时立即停止'],
  'start.flash': ['Colour flash against a hijacked camera', '炫光检测，防摄像头劫持'],
  'start.title': ['Page title', '页面标题'],
  'start.title.scenario': ['The scenario is sent as the title.', '场景通过标题传递。'],
  'start.title.hint': ['Optional, at most 32 characters.', '可选，最多 32 个字符。'],
  'start.return': ['The return', '返回方式'],
  'start.return.kind': ['How to return', '如何返回'],
  'start.return.url': ['returnUrl', 'returnUrl'],
  'start.open': ['Open', '开启'],
  'start.open.go': ['Open and go', '开启并前往'],
  'start.opening': ['Opening the session…', '正在开启会话…'],
  'start.opened': ['The session is open', '会话已开启'],
  'start.replayed': ['This key was sent before. Its session is shown; no second init was sent.', '此幂等键已使用过：返回原会话，没有第二次 init。'],
  'start.nocheck': ['This session has no check to go to.', '此会话没有可前往的检测。'],
  'start.go': ['Go to the check', '前往检测'],
  'start.list': ['Sessions of the caller', '自己的会话'],
  'start.list.hint': ['The newest 20 of this caller, kept up to date.', '该调用方最新的 20 个会话，自动刷新。'],
  'start.list.none': ['This caller has no session yet.', '该调用方还没有会话。'],
  'start.list.failed': ['The list cannot be read now.', '列表暂时无法读取。'],

  'receiver.page': ['Receive webhooks', '接收 Webhook'],
  'receiver.intro': ['Each webhook that is sent here is verified and shown:', '发送到此处的每个 Webhook 都会经过验签并显示：'],
  'receiver.receive': ['Send the caller’s webhooks here', '将调用方的 Webhook 发送到此处'],
  'receiver.test': ['Send a test', '发送测试'],
  'receiver.secret': ['Secret of the endpoint that you have created with this address', '以此地址创建的端点的密钥'],
  'receiver.learn': ['Verify with this secret', '用此密钥验签'],
  'receiver.none': ['None has come yet.', '尚未收到。'],
  'receiver.verified': ['verified', '验签通过'],
  'receiver.unverified': ['signature unknown: refused', '签名未知：已拒绝'],
  'receiver.request': ['Request', '请求内容'],

  'elsewhere': ['Other pages', '其他页面'],
  'console': ['Console', '控制台'],
  'api': ['API', '接口'],
  'month.heading': ['Close a month', '月末关账'],
  'month.hint': [
    'Some 300 checks of the past weeks with all outcomes, and the vendor’s bill of last month, which has six mistakes.',
    '生成过去数周约 300 次检测，涵盖各种结果，并附上一个月的厂商账单，其中有六处错误。'],
  'month.make': ['Make a month', '生成数据'],
  'month.made': ['{count} checks were made.', '已生成 {count} 次检测。'],
  'month.before': ['There are {count} checks from before; nothing was added.', '此前已生成 {count} 次检测，未重复生成。'],
  'month.bill': ['Download the bill of {month}', '下载 {month} 的账单'],
  'month.import': ['Import it in the console, as Ada', '以 Ada 身份在控制台导入账单'],
  'month.close': ['Work through the differences, and close {month}', '逐条处理差异，然后为 {month} 关账'],
  'month.found': ['Of its six mistakes {count} are found and accepted.', '六处错误中已发现并接受 {count} 处。'],
  'month.all': ['All six mistakes are found and accepted.', '六处错误已全部发现并接受。'],
  'month.damages': ['The six mistakes', '六处错误'],
  'damage.MISSING_IN_STATEMENT': ['A charged check has no line:', '已实扣的检测没有账单行：'],
  'damage.AMOUNT_DIFFERS': ['A line is dearer than the price:', '账单金额高于单价：'],
  'damage.DUPLICATE_LINE': ['A check stands on two lines:', '同一检测出现两行：'],
  'damage.UNREADABLE_LINE': ['An amount is in another currency:', '金额为其他币种：'],
  'damage.STATUS_DIFFERS': ['A refunded check is billed as a charge:', '已退回的费用记为实扣：'],
  'damage.MISSING_IN_LEDGER': ['A line is of a check that nobody opened:', '账单行没有对应的检测：'],

  'style.HEAD_AND_FACE': ['One head and one facial action', '一个头部动作和一个面部动作'],
  'style.FACE': ['One facial action', '一个面部动作'],
  'style.CUSTOM': ['Chosen actions', '自定义动作'],
  'style.SILENT': ['Silent, no action', '静默，无动作'],
  'return.plain': ['Ordinary redirect', '普通跳转'],
  'return.replace': ['Replace the page (replace:)', '替换页面（replace:）'],
  'return.wx.redirect': ['Mini program, redirectTo', '小程序 redirectTo'],
  'return.wx.history': ['Mini program, navigateBack', '小程序 navigateBack'],
  'return.app': ['App, JavaScript bridge', 'App,JavaScript 桥'],
  'return.scheme': ['Another app by its scheme', '通过 scheme 唤起其他应用'],
  'action.LookLeft': ['Look left', '向左看'],
  'action.LookRight': ['Look right', '向右看'],
  'action.OpenMouth': ['Open your mouth', '张嘴'],
  'action.BlinkEye': ['Blink', '眨眼'],
  'action.ShakeHead': ['Shake your head', '摇头'],
  'action.NodHead': ['Nod', '点头'],
  'action.Still': ['Look at the camera', '请正视摄像头'],
  'action.Flash': ['Hold still while colours light up', '屏幕变色，请保持不动'],

  'key.kept': ['Idempotency-Key, kept: the same form sends it again', 'Idempotency-Key（保留：同样的表单会再次发送）'],
  'key.spent': ['Idempotency-Key, spent: the next press makes a new one', 'Idempotency-Key（已用掉：下次会生成新的）'],
  'problem.lost': ['No answer', '没有收到回答'],
  'problem.next': ['What next:', '下一步：'],
  'problem.session': ['Show the session', '查看会话'],
  'next.no-answer': [
    'The answer was lost. Press again without changing the form: the same key is sent, so at most one fee is taken.',
    '回答丢失。请不要修改表单，再按一次：会发送同一个键，最多只产生一次费用。'],
  'next.vendor-unavailable': [
    'No fee was taken. Press again in a moment without changing the form: the same key may be sent again.',
    '没有产生费用。请稍后不改表单再按一次：同一个键可以再次发送。'],
  'next.opens-paused': [
    'Nothing was opened. Press again in a moment without changing the form: the same key may be sent again.',
    '没有开启会话。请稍后不改表单再按一次：同一个键可以再次发送。'],
  'next.vendor-outcome-unknown': [
    'A fee may have been taken, and this key is spent. The books settle it later. Pressing again opens a new session with another fee.',
    '可能已产生费用，此键已用掉，账本稍后会了结。再按一次会开启新的会话，并产生新的费用。'],
  'next.vendor-rejected': [
    'The vendor refused, no fee was taken. The request, the configuration or the contract has to change before it can succeed.',
    '厂商拒绝了请求，没有产生费用。需先修改请求、配置或合同。'],
  'next.idempotency-key-in-flight': ['The first request with this key is still in flight. Press again in a moment.', '同一个键的第一个请求仍在进行，请稍后再按。'],
  'next.idempotency-key-reused': ['This key was used with another request. Press again: a new key is made.', '此键属于另一个请求。再按一次会生成新的键。'],
  'next.invalid-request': ['Correct the fields named here and press again.', '请修正上述字段后再按一次。'],
  'next.rate-limited': ['Too many requests from this caller. Wait a little and press again.', '该调用方请求过多，请稍候再按。'],
  'next.not-found': ['This caller has no such session. Was it opened by another caller? Change the caller on the start page.', '该调用方没有这个会话。是否由其他调用方开启？请在起始页更换调用方。'],
  'next.read': ['The page tries again automatically.', '会自动重试。'],
  'next.reload': ['Press “Try again”.', '请点击“重试”。'],
  'next.other': ['Check the caller and the form, then press again.', '请检查调用方和表单后再按一次。'],
  'next.wait': ['Wait {seconds} s first.', '请先等待 {seconds} 秒。'],

  'view.page': ['Session', '会话'],
  'view.back': ['Back to the start', '返回起始页'],
  'view.finding': ['Finding the session…', '正在查找会话…'],
  'view.nothing': ['There is no token and no session in this address. Choose a session on the start page.', '地址中没有 token 也没有会话，请在起始页选择一个会话。'],
  'view.hint': ['The browser returned with passed={passed}. That is only a hint; the verdict below counts.', '浏览器带回 passed={passed}。这只是提示，以下方结论为准。'],
  'view.hint.differs': ['The browser returned with passed={passed}, but the verdict differs. The verdict counts.', '浏览器带回 passed={passed}，但结论与之不符，以结论为准。'],
  'view.following': ['Not final yet; refreshed automatically', '尚未完结，自动刷新中'],
  'view.ask': ['Ask the vendor now', '立即询问厂商'],
  'view.charge': ['Charge', '费用'],
  'view.facts': ['Facts', '基本信息'],
  'view.events': ['Events', '经过'],
  'view.events.none': ['No event yet.', '暂无事件。'],
  'view.books': ['Both books', '两本账'],
  'view.ledger': ['The gateway’s ledger', '网关账本'],
  'view.ledger.none': ['No row: no fee was taken.', '没有记录：没有产生费用。'],
  'view.vendor': ['The vendor’s book', '厂商账本'],
  'view.vendor.none': ['The vendor has no row for this taskNo.', '厂商没有此 taskNo 的记录。'],
  'view.vendor.notask': ['No taskNo is known, so the vendor’s row cannot be looked up.', '没有 taskNo，无法查询厂商记录。'],
  'view.unread': ['This cannot be read now.', '暂时无法读取。'],
  'books.agree': ['Both books agree.', '两本账一致。'],
  'books.waiting': ['The vendor is ahead; the gateway follows with its next poll.', '厂商已先行记账，网关下次询问后跟上。'],
  'books.differ': ['The books differ.', '两本账不一致。'],
  'books.unconfirmed': ['They differ for now: the fee is only presumed and is settled later.', '目前不一致：该费用只是推定，稍后了结。'],
  'books.untold': ['It is unknown whether the books agree.', '无法判断两本账是否一致。'],
  'fact.id': ['Session', '会话'],
  'fact.caller': ['Caller', '调用方'],
  'fact.title': ['Title', '标题'],
  'fact.reference': ['Reference', '业务单号'],
  'fact.style': ['Action style', '动作模式'],
  'fact.actions': ['Actions', '动作'],
  'fact.mutex': ['Stop at another action', '其他动作即停止'],
  'fact.flash': ['Colour flash', '炫光'],
  'fact.returnUrl': ['returnUrl', 'returnUrl'],
  'fact.token': ['Token', 'token'],
  'fact.checkUrl': ['checkUrl', 'checkUrl'],
  'fact.expires': ['Token expires', 'token 到期'],
  'fact.verdict': ['Verdict', '结论'],
  'fact.task': ['taskNo', 'taskNo'],
  'fact.created': ['Created', '创建'],
  'fact.settled': ['Settled', '结清'],
  'fact.opened': ['Opened', '开启'],
  'fact.status': ['Status', '状态'],
  'fact.amount': ['Amount', '金额'],
  'fact.kind': ['Kind', '类型'],
  'fact.basis': ['Basis', '依据'],
  'fact.recorded': ['Recorded', '记录时间'],
  'yes': ['yes', '是'],
  'no': ['no', '否'],

  'status.OPENING': ['init in flight', '开启中'],
  'status.PENDING': ['no verdict yet', '等待结论'],
  'status.PASSED': ['a living person', '检测通过'],
  'status.NOT_PASSED': ['not accepted', '检测未通过'],
  'status.FAILED': ['check not made', '检测失败'],
  'status.EXPIRED': ['no verdict in time', '已过期'],
  'status.REJECTED': ['not opened', '未能开启'],
  'status.UNKNOWN': ['answer lost', '结果未知'],
  'meaning.OPENING': ['The intent is stored and init is in flight.', '请求已保存，init 正在进行。'],
  'meaning.PENDING': ['The token is issued. The vendor has not given its verdict.', 'token 已签发，厂商尚未给出结论。'],
  'meaning.PASSED': ['The vendor says that a living person was in front of the camera.', '厂商认定摄像头前是真人。'],
  'meaning.NOT_PASSED': ['The check was made and the vendor did not accept it as a living person.', '检测已完成，厂商未认定为真人。'],
  'meaning.FAILED': ['The check could not be made: camera, browser or face were not suitable.', '摄像头、浏览器或人脸状况不允许完成检测。'],
  'meaning.EXPIRED': ['The token expired without a verdict.', 'token 有效期内没有得到结论。'],
  'meaning.REJECTED': ['init took no fee: the vendor refused it, or it did not reach the vendor.', 'init 确定没有产生费用：厂商拒绝，或请求未到达。'],
  'meaning.UNKNOWN': ['init may have taken a fee and the answer was lost. The books settle it later.', 'init 可能已产生费用，但回答丢失。账本稍后了结。'],
  'charge.NONE': ['No fee was taken.', '没有产生费用。'],
  'charge.PRE_DEDUCTED': ['The fee is pre-deducted until there is a verdict.', '费用已预扣，等待结论。'],
  'charge.UNCONFIRMED': ['A fee may have been taken.', '可能已产生费用。'],
  'charge.CHARGED': ['The pre-deduction became a charge.', '预扣已转为实扣。'],
  'charge.REFUNDED': ['The pre-deduction was returned.', '预扣已退回。'],
  'event.OPENING': ['Intent stored, init sent', '请求已保存，发送 init'],
  'event.OPENED': ['Token issued', 'token 已签发'],
  'event.REJECTED': ['Not opened, no fee', '未能开启，没有费用'],
  'event.OUTCOME_UNKNOWN': ['The answer to init was lost', 'init 的回答丢失'],
  'event.CHECKED': ['The vendor was asked', '已询问厂商'],
  'event.SETTLED': ['Verdict and money recorded', '结论与费用已记录'],
  'event.CONTRADICTED': ['A later, different answer', '后来收到不同的回答'],
  'event.WRITTEN_OFF': ['Written off after expiry', '过期后核销'],
  'event.FACE_REDACTED': ['The face image was redacted', '人脸图像已删除'],
  'kind.PRE_DEDUCT': ['pre-deduction', '预扣'],
  'kind.CHARGE': ['charge', '实扣'],
  'kind.REFUND': ['refund', '退回'],
  'kind.ADJUSTMENT': ['adjustment', '调整'],
  'basis.VENDOR': ['vendor', '厂商'],
  'basis.RULE': ['rule', '规则'],
  'basis.PRESUMED': ['presumed', '推定'],
  'basis.IMPORTED': ['imported', '导入'],

  'capture.page': ['Face liveness check', '人脸活体检测'],
  'capture.loading': ['Loading…', '加载中…'],
  'capture.intro': ['Hold the phone upright at eye level, face the light, and follow the prompts.', '请竖握手机与眼睛平齐，面向光源，按提示完成动作。'],
  'capture.private': ['The picture stays in this page: nothing is uploaded, nothing is stored.', '画面只在本页显示：不上传，不保存。'],
  'capture.warning': ['Photosensitivity: the whole screen will light up in changing colours.', '光敏提示：整个屏幕将变换颜色。'],
  'capture.noflash': ['The colour flash is left out, because your device asks for reduced motion.', '您的设备要求减少动态效果，已略过炫光。'],
  'capture.mutex': ['Make only the requested action; another action stops the check.', '请只做提示的动作，其他动作会中止检测。'],
  'capture.start': ['Start', '开始'],
  'capture.again': ['Try the camera again', '重新尝试摄像头'],
  'capture.camera': ['Camera preview', '摄像头预览'],
  'capture.refused': ['The camera was refused. Allow it for this page, or go on without it.', '摄像头被拒绝。请允许本页使用摄像头，或不使用摄像头继续。'],
  'capture.missing': ['No camera can be used here. You can go on without it.', '此处没有可用的摄像头，可以不使用摄像头继续。'],
  'capture.insecure': ['Browsers give the camera to https and localhost pages only. You can go on without it.', '浏览器只允许 https 或 localhost 页面使用摄像头，可以不使用摄像头继续。'],
  'capture.choose': ['Choose the verdict', '选择结论'],
  'capture.choose.hint': ['This is a sandbox: your face is not analysed; you choose the vendor’s result.', '这是沙箱：没有人分析您的面部，由您决定厂商的结论。'],
  'capture.scenario': ['The title names a scenario. If the scenario has a verdict, that verdict counts.', '标题指定了场景。场景自带结论时，以场景为准。'],
  'capture.passed': ['Passed', '通过'],
  'capture.passed.hint': ['verdict 200, charge', '结论 200，实扣'],
  'capture.not-passed': ['Not passed', '未通过'],
  'capture.not-passed.hint': ['verdict 202, charge', '结论 202，实扣'],
  'capture.failed': ['Failed', '检测失败'],
  'capture.failed.hint': ['verdict 203, refund', '结论 203，退回'],
  'capture.leaving': ['Returning…', '正在返回…'],
  'capture.FINISHED': ['This check is finished. It cannot be made twice.', '此检测已完成，不能重复进行。'],
  'capture.EXPIRED': ['The token has expired. Ask for a new check.', 'token 已过期，请重新发起检测。'],
  'capture.unknown': ['No check exists for this token.', '没有与此 token 对应的检测。'],
  'capture.unreachable': ['The check cannot be reached now.', '暂时无法连接检测服务。'],
  'capture.unsent': ['The verdict did not arrive. Choose it again.', '结论未能送达，请重新选择。'],
  'host.title': ['Imitated host', '模拟宿主'],
  'host.miniprogram': ['An ordinary browser has no mini program around it. This is the call it would get:', '普通浏览器中没有小程序。小程序会收到以下调用：'],
  'host.app': ['An ordinary browser has no app around it. This is the call it would get:', '普通浏览器中没有 App。App 会收到以下调用：'],
  'host.scheme': ['Another app opens at this address, where it is installed:', '如果已安装，其他应用会在此地址打开：'],
  'host.called': ['The host was called:', '已调用宿主：'],
  'host.refused': ['The vendor does not support the form of this returnUrl, so nothing was called:', '此 returnUrl 不是厂商支持的形式，未做任何调用：'],
  'host.continue': ['Go on to the return page', '前往返回页'],
};

let language = localStorage.getItem('sandbox.language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');

export function t(key, values = {}, inLanguage = language) {
  const text = TEXTS[key]?.[inLanguage === 'zh' ? 1 : 0] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

export const known = (key) => key in TEXTS;
export const currentLanguage = () => language;

/** Gives the node a text that follows the language from now on. A text already there is left alone (screen readers repeat a change). */
export function say(node, key, values) {
  node.dataset.t = key;
  if (values) node.dataset.tValues = JSON.stringify(values);
  else delete node.dataset.tValues;
  const text = t(key, values);
  if (node.textContent !== text) node.textContent = text;
}

/** Puts everything under root into the language at hand: keyed texts, texts given in both languages, times. */
export function translate(root = document) {
  for (const node of root.querySelectorAll('[data-t]')) say(node, node.dataset.t, node.dataset.tValues && JSON.parse(node.dataset.tValues));
  for (const node of root.querySelectorAll('[data-zh]')) node.textContent = node.dataset[language];
  for (const node of root.querySelectorAll('[data-t-label]')) node.setAttribute('aria-label', t(node.dataset.tLabel));
  for (const node of root.querySelectorAll('time')) node.textContent = time(node.dateTime);
}

export function time(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return at.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The switch in the page's header. */
export function installLanguageSwitch(button, onChange = () => {}) {
  const apply = () => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    button.textContent = language === 'zh' ? 'English' : '中文';
    button.lang = language === 'zh' ? 'en' : 'zh-CN';
    translate();
    onChange();
  };
  button.addEventListener('click', () => {
    language = language === 'zh' ? 'en' : 'zh';
    localStorage.setItem('sandbox.language', language);
    apply();
  });
  apply();
}

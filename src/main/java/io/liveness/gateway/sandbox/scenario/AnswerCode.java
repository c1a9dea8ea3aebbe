package io.liveness.gateway.sandbox.scenario;

/** The codes and their words (vendor document, 公共code返回码说明 and those of result). */
public final class AnswerCode {

    static final int SUCCESS = 200;
    public static final int NO_RESULT_YET = 201;
    public static final int TOKEN_EXPIRED = 301;
    public static final int WRONG_PARAMETER = 400;
    public static final int WRONG_ADDRESS = 404;
    public static final int TOO_FREQUENT = 609;

    private AnswerCode() {}

    public static String common(int code) {
        return switch (code) {
            case 200 -> "成功";
            case 400 -> "参数错误";
            case 404 -> "接口地址不正确";
            case 500 -> "系统维护,请稍候再试";
            case 601 -> "接口未开通";
            case 602 -> "账号停用";
            case 604 -> "接口停用";
            case 606 -> "调用超限,请稍候再试";
            case 607 -> "ip不在白名单";
            case 609 -> "请求过于频繁,请稍候再试";
            case 610 -> "请求超时";
            default -> "其他";
        };
    }

    public static String ofResult(int code) {
        return switch (code) {
            case 200 -> "活体检测通过";
            case 201 -> "未查询到检测结果";
            case 202 -> "活体检测未通过";
            case 203 -> "检测失败";
            case 301 -> "token已过期";
            default -> common(code);
        };
    }
}

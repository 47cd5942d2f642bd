namespace Vprox.Netlink;

/// <summary>Numbers of include/uapi/linux/rtnetlink.h, pkt_sched.h, pkt_cls.h and gen_stats.h.</summary>
internal static class TrafficAttribute
{
    public const int TCA_KIND = 1;
    public const int TCA_OPTIONS = 2;
    public const int TCA_STATS2 = 7;

    public const int TCA_STATS_BASIC = 1;
    public const int TCA_STATS_QUEUE = 3;
    public const int TCA_STATS_PKT64 = 8;

    public const int TCA_HTB_PARMS = 1;
    public const int TCA_HTB_INIT = 2;
    public const int TCA_HTB_DIRECT_QLEN = 5;
    public const int TCA_HTB_RATE64 = 6;
    public const int TCA_HTB_CEIL64 = 7;

    public const int TCA_FQ_CODEL_FLOWS = 5;
    public const int TCA_FQ_CODEL_QUANTUM = 6;

    public const int TCA_U32_CLASSID = 1;
    public const int TCA_U32_HASH = 2;
    public const int TCA_U32_LINK = 3;
    public const int TCA_U32_DIVISOR = 4;
    public const int TCA_U32_SEL = 5;
    public const int TCA_U32_ACT = 7;

    public const int TCA_BPF_OPS_LEN = 4;
    public const int TCA_BPF_OPS = 5;

    public const int TCA_ACT_KIND = 1;
    public const int TCA_ACT_OPTIONS = 2;
    public const int TCA_MIRRED_PARMS = 2;

    public const int TC_ACT_STOLEN = 4;
    public const int TCA_EGRESS_REDIR = 1;
    public const byte TC_U32_TERMINAL = 1;
    public const byte TC_LINKLAYER_ETHERNET = 1;
}

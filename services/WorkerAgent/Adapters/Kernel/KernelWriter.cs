using Vprox.Netlink;
using Vprox.Sysctl;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Kernel;

/// <summary>Carries out steps. Rules go many in one system call; what is done already is no error.</summary>
internal sealed class KernelWriter(RouteNetlink route, IWireGuardClient wireGuard, RulesetInForce ruleset)
{
    private const int HostPrefix = 32;

    public async Task ApplyAsync(IReadOnlyList<WorkerStep> steps, CancellationToken cancellationToken)
    {
        var rules = new List<RouteRequest>();
        foreach (var step in steps)
        {
            if (step is WorkerStep.AddRule add)
                rules.Add(new AddRule(SpecOf(add.Rule)));
            else if (step is WorkerStep.DeleteRule delete)
                rules.Add(new DeleteRule(SpecOf(delete.Rule)));
            else
            {
                Flush(rules);
                await ApplyAsync(step, cancellationToken);
            }
        }
        Flush(rules);
    }

    private async Task ApplyAsync(WorkerStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case WorkerStep.ReplaceRuleset replace:
                ruleset.Replace(replace.Ruleset);
                break;
            case WorkerStep.RemoveRuleset:
                ruleset.Remove();
                break;
            case WorkerStep.EnableForwarding:
                SetSysctl("net/ipv4/ip_forward", "1");
                break;
            case WorkerStep.CreateInterface create:
                await wireGuard.CreateAsync(TunnelNames.Interface(create.Slot), cancellationToken);
                break;
            case WorkerStep.ConfigureDevice configure:
                await wireGuard.ConfigureAsync(TunnelNames.Interface(configure.Slot), configure.Config, cancellationToken);
                break;
            case WorkerStep.RaiseInterface raise:
                SetSysctl($"net/ipv4/conf/{TunnelNames.Interface(raise.Slot)}/rp_filter", "2");
                Execute(new SetLink(TunnelNames.Interface(raise.Slot)) { Mtu = raise.Mtu, Up = true });
                break;
            case WorkerStep.AddAddress add:
                Execute(new AddAddress(IndexOf(add.Slot), add.Address, HostPrefix));
                break;
            case WorkerStep.DeleteAddress delete:
                Execute(new DeleteAddress(IndexOf(delete.Slot), delete.Address, HostPrefix));
                break;
            case WorkerStep.AddRoute add:
                Execute(new AddRoute(SpecOf(add.Route)));
                break;
            case WorkerStep.DeleteRoute delete:
                Execute(new DeleteRoute(SpecOf(delete.Route)));
                break;
            case WorkerStep.DeleteInterface delete:
                await wireGuard.DeleteAsync(TunnelNames.Interface(delete.Slot), cancellationToken);
                break;
            default:
                throw new InvalidOperationException($"no way to carry out {step.GetType().Name}");
        }
    }

    // Where /proc/sys is read-only, as in many containers, a right value is enough.
    private static void SetSysctl(string path, string value)
    {
        if (SysctlFiles.Read(path) != value)
            SysctlFiles.Write(path, value);
    }

    private void Flush(List<RouteRequest> rules)
    {
        if (rules.Count > 0)
            Execute([.. rules]);
        rules.Clear();
    }

    private void Execute(params IReadOnlyList<RouteRequest> requests)
    {
        var errors = route.TryExecute(requests);
        for (var i = 0; i < errors.Count; i++)
        {
            if (errors[i] is { } error && !IsDone(requests[i], error.Errno))
                throw new NetlinkException(error);
        }
    }

    private static bool IsDone(RouteRequest request, Errno errno) => request switch
    {
        AddRule or AddRoute or AddAddress => errno == Errno.EEXIST,
        DeleteRule or DeleteRoute or DeleteAddress => errno is Errno.ENOENT or Errno.ESRCH or Errno.EADDRNOTAVAIL or Errno.ENODEV,
        _ => false,
    };

    private static RuleSpec SpecOf(ContainerRule rule) => new() { From = rule.From, Table = rule.Table, Priority = rule.Priority };

    private RouteSpec SpecOf(TunnelRoute each) => new()
    {
        Table = each.Table,
        Destination = each.Destination,
        Metric = each.Metric,
        Type = each.Slot is null ? RouteType.Unreachable : RouteType.Unicast,
        LinkIndex = each.Slot is { } slot and >= 0 ? IndexOf(slot) : null,
    };

    private int IndexOf(int slot) => route.Link(TunnelNames.Interface(slot))?.Index
        ?? throw new NetlinkException($"ip link show dev {TunnelNames.Interface(slot)}: it is gone");
}

using System.Net;
using Vprox.Addressing;

namespace Vprox.WorkerAgent.Core;

/// <summary>
/// From what shall be and what is to the steps between. The order is the safety: the kill switch first, then what a tunnel needs, then the
/// rules that send containers into it; removals the other way round, the kill switch last. Stopping after any step is safe, and the
/// next plan carries on.
/// </summary>
public static class WorkerPlanner
{
    /// <summary>The steps that make <paramref name="observed"/> into <paramref name="desired"/>; none when it is already.</summary>
    public static IReadOnlyList<WorkerStep> Plan(DesiredWorker desired, ObservedWorker observed)
    {
        desired = desired with { Guard = desired.Guard with { SubnetLinks = [.. desired.Guard.Subnets.SelectMany(observed.LinksTo)] } };
        var rules = desired.Containers.Where(container => container.Tunnel is not null)
            .Select(container => RuleOf(container.Ip, container.Tunnel!.Value)).ToHashSet();
        var routes = desired.Tunnels.SelectMany(tunnel => tunnel.Routes()).ToList();
        // While its rule is still there, a container that leaves stays held: it must not slip out through the main table.
        var leaving = observed.Rules.Where(rule => rule.From.Length == 32).Select(rule => rule.From.Network)
            .Except(desired.Containers.Select(container => container.Ip)).ToList();
        var final = WorkerRuleset.Render(desired, stillHeld: []);
        var guard = leaving.Count == 0 ? final : WorkerRuleset.Render(desired, leaving);

        var steps = new List<WorkerStep>();
        if (observed.Ruleset != guard)
            steps.Add(new WorkerStep.ReplaceRuleset(guard));
        if (!observed.Forwarding && desired.Tunnels.Count > 0)
            steps.Add(new WorkerStep.EnableForwarding());
        foreach (var tunnel in desired.Tunnels)
            AddTunnel(steps, tunnel, observed);
        foreach (var rule in rules.Except(observed.Rules).OrderBy(rule => rule.From))
            steps.Add(new WorkerStep.AddRule(rule));

        foreach (var rule in Surplus(observed.Rules, rules))
            steps.Add(new WorkerStep.DeleteRule(rule));
        var leavingSlots = observed.Interfaces.Where(each => !IsPrepared(each, desired)).Select(each => each.Slot)
            .Except(desired.Tunnels.Select(tunnel => tunnel.Slot)).ToHashSet();
        // Routes through an interface go with it.
        foreach (var route in observed.Routes.Except(routes).Where(route => route.Slot is null || !leavingSlots.Contains(route.Slot.Value)))
            steps.Add(new WorkerStep.DeleteRoute(route));
        RemoveAddresses(steps, desired, observed);
        foreach (var slot in leavingSlots.Order())
            steps.Add(new WorkerStep.DeleteInterface(slot));
        if (guard != final)
            steps.Add(new WorkerStep.ReplaceRuleset(final));
        return steps;
    }

    /// <summary>The steps that leave nothing of ours.</summary>
    public static IReadOnlyList<WorkerStep> Teardown(ObservedWorker observed) =>
        [.. Plan(DesiredWorker.Empty, observed), new WorkerStep.RemoveRuleset()];

    /// <summary>The rule that sends a container into a tunnel.</summary>
    public static ContainerRule RuleOf(IPAddress container, int slot) =>
        new(Ipv4Prefix.Host(container), TunnelNames.Table(slot), TunnelNames.RulePriority);

    private static void AddTunnel(List<WorkerStep> steps, DesiredTunnel tunnel, ObservedWorker observed)
    {
        var existing = observed.Interfaces.FirstOrDefault(each => each.Slot == tunnel.Slot);
        if (existing?.Device is null)
            steps.Add(new WorkerStep.CreateInterface(tunnel.Slot));
        if (DevicePlan.Change(tunnel, existing?.Device) is { } config)
            steps.Add(new WorkerStep.ConfigureDevice(tunnel.Slot, config));
        if (existing is not { Up: true, LooseReversePath: true } || existing.Mtu != tunnel.Mtu)
            steps.Add(new WorkerStep.RaiseInterface(tunnel.Slot, tunnel.Mtu));
        foreach (var address in tunnel.InnerAddresses.Except(existing?.Addresses ?? []))
            steps.Add(new WorkerStep.AddAddress(tunnel.Slot, address));
        foreach (var route in tunnel.Routes().Except(observed.Routes))
            steps.Add(new WorkerStep.AddRoute(route));
    }

    // One that is not bare is of a tunnel that had the slot before.
    private static bool IsPrepared(ObservedInterface existing, DesiredWorker desired) => existing.IsBare && desired.Prepared.Contains(existing.Slot);

    private static void RemoveAddresses(List<WorkerStep> steps, DesiredWorker desired, ObservedWorker observed)
    {
        foreach (var tunnel in desired.Tunnels)
        {
            var existing = observed.Interfaces.FirstOrDefault(each => each.Slot == tunnel.Slot);
            foreach (var address in (existing?.Addresses ?? []).Except(tunnel.InnerAddresses))
                steps.Add(new WorkerStep.DeleteAddress(tunnel.Slot, address));
        }
    }

    /// <summary>Rules to delete: those not wanted, and of wanted ones the doubles, which the kernel allows.</summary>
    private static IEnumerable<ContainerRule> Surplus(IReadOnlyList<ContainerRule> observed, HashSet<ContainerRule> wanted)
    {
        var kept = new HashSet<ContainerRule>();
        return observed.Where(rule => !wanted.Contains(rule) || !kept.Add(rule));
    }
}

using System.Diagnostics;
using System.Text.Json;
using Vprox.Lab.Probes;
using Vprox.Lab.Topology;
using Vprox.Scenarios.Flows;

namespace Vprox.Scenarios.Drills;

/// <summary>One run as its scenario sees it: the lab with traffic in it, the moment of the fault, and what is expected.</summary>
public sealed class Drill(VproxLab lab, BusSpy bus, Traffic traffic)
{
    private static readonly TimeSpan FlowsDeadline = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    private readonly List<string> _failures = [];
    private readonly Dictionary<string, double> _figures = [];

    public VproxLab Lab => lab;

    public BusSpy Bus => bus;

    public Traffic Traffic => traffic;

    public DrillSettings Settings { get; init; } = new();

    /// <summary>Tells a person who waits what is being done.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>When the fault struck; the start of the run until <see cref="FaultStrikes"/>.</summary>
    public FaultMoment Fault { get; private set; } = FaultMoment.Now();

    /// <summary>Called by <see cref="FaultStrikes"/>.</summary>
    public Action<FaultMoment>? OnFault { get; init; }

    /// <summary>What was expected and did not hold.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public IReadOnlyDictionary<string, double> Figures => _figures;

    /// <summary>From here on time counts: called right before the fault.</summary>
    public void FaultStrikes()
    {
        new SourceCheck(lab).Reset();
        Fault = FaultMoment.Now();
        OnFault?.Invoke(Fault);
    }

    /// <summary>Addresses whose established connections the fault itself may end; those of all others must go on.</summary>
    public IReadOnlyCollection<string> Forfeit { get; set; } = [];

    /// <summary>Notes a failure unless it holds; the run goes on.</summary>
    public bool Expect(string what, bool holds)
    {
        if (!holds)
            _failures.Add(what);
        return holds;
    }

    /// <summary>Notes a figure of this scenario.</summary>
    public void Note(string name, double value) => _figures[name] = value;

    /// <summary>Which node EC2 routes each static address of the traffic to; without those that it routes nowhere.</summary>
    public async Task<IReadOnlyDictionary<string, LabNode>> NodesByAddressAsync(CancellationToken cancel) =>
        (await lab.Cloud.EffectiveElasticIpsAsync(cancel)).Where(ip => traffic.Addresses.Contains(ip.Address) && ip.InstanceId is not null)
            .ToDictionary(ip => ip.Address, ip => lab.Nodes.Single(node => node.InstanceId == ip.InstanceId));

    /// <summary>The nodes, the one with the most addresses of the traffic first.</summary>
    public async Task<IReadOnlyList<LabNode>> BusiestNodesAsync(CancellationToken cancel)
    {
        var byAddress = await NodesByAddressAsync(cancel);
        return [.. lab.Nodes.OrderByDescending(node => byAddress.Values.Count(each => each == node)).ThenBy(node => node.Name, StringComparer.Ordinal)];
    }

    /// <summary>The WireGuard port of one of the traffic's addresses, which names its interface.</summary>
    public int PortOf(string address) => (int)bus.Heard.Last(message =>
        message.Exchange == "vprox.static-ip-placed" && message.Text("address") == address).Number("listenPort");

    /// <summary>Waits until a message comes, or came since the fault; none is a failure.</summary>
    public async Task<BusMessage?> ExpectMessageAsync(string exchange, string what, Func<BusMessage, bool> wanted, TimeSpan within, CancellationToken cancel)
    {
        var found = await bus.FindAsync(Fault, exchange, wanted, within, cancel);
        Expect($"{what} within {within.TotalSeconds:0.#} s ({exchange})", found is not null);
        return found;
    }

    /// <summary>No message of that kind came since the fault.</summary>
    public void ExpectNone(string exchange, string what) => Expect(what, bus.Since(Fault, exchange).Count == 0);

    /// <summary>
    /// Waits until every flow that is not broken goes on, at least a while after the fault. Flows that still do not after 45 s count as
    /// lost at the end of the run.
    /// </summary>
    public async Task FlowsGoOnAsync(TimeSpan atLeast, CancellationToken cancel)
    {
        while (true)
        {
            var elapsed = Stopwatch.GetElapsedTime(Fault.Timestamp);
            if (elapsed >= atLeast)
            {
                var report = await traffic.Client.AskAsync(arrivals: false, cancel);
                if (report.Flows.All(flow => flow.GoesOn || flow.Broken is not null || Forfeit.Contains(flow.Address)) || elapsed > atLeast + FlowsDeadline)
                    return;
            }
            await Task.Delay(LookInterval, cancel);
        }
    }

    /// <summary>Waits until something holds; that it does not is a failure.</summary>
    public async Task ExpectWithinAsync(string what, TimeSpan within, Func<Task<bool>> holds, CancellationToken cancel)
    {
        try
        {
            await VproxLab.WaitForAsync(what, async () => await holds() ? what : null, within, cancel);
        }
        catch (LabException late)
        {
            Expect(late.Message, false);
        }
    }

    /// <summary>Says something on the bus as an operator does, in MassTransit's envelope.</summary>
    /// <param name="message">The message's type in Vprox.Contracts, e.g. DrainNode.</param>
    /// <param name="exchange">Its exchange, e.g. vprox.drain-node.</param>
    /// <param name="content">Its fields.</param>
    /// <param name="cancel">Ends the wait for the broker.</param>
    public Task SayAsync(string message, string exchange, object content, CancellationToken cancel) => lab.Scheduler.PublishAsync(
        exchange, "", JsonSerializer.Serialize(new { messageType = new[] { $"urn:message:Vprox.Contracts:{message}" }, message = content }),
        "application/vnd.masstransit+json", cancel);

    /// <summary>What all flows have seen until now.</summary>
    public Task<FlowReport> ReportAsync(bool arrivals, CancellationToken cancel) => traffic.Client.AskAsync(arrivals, cancel);
}

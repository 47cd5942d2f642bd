using Vprox.Lab.Topology.Faults;
using Vprox.Netlink;
using static Tmds.Linux.LibC;

namespace Vprox.Lab.Topology;

public partial class LabHost
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    private readonly List<UplinkCable> _uplinks = [];
    private Loss _loss = Loss.None;

    /// <summary>Power cut: every link goes down and every process ends. EC2 is not told; see <see cref="VproxLab.Cloud"/> for that.</summary>
    public Task KillAsync() => Task.Run(() =>
    {
        CutLinks();
        KillProcesses();
    });

    /// <summary>All links go down at once, while everything on the host runs on.</summary>
    public void CutLinks()
    {
        // One transaction for all links; then they go down one by one.
        Lose(_loss with { Everything = true });
        foreach (var uplink in _uplinks)
            Route.Execute(new SetLink(uplink.Near) { Up = false });
    }

    /// <summary>The links come back, with the routes the host had at boot.</summary>
    public void JoinLinks()
    {
        foreach (var uplink in _uplinks)
            Route.Execute(new SetLink(uplink.Near) { Up = true });
        AddBootRoutes();
        Lose(_loss with { Everything = false });
    }

    /// <summary>Links up and every service started again.</summary>
    public void Revive()
    {
        JoinLinks();
        foreach (var process in Processes.Values)
            process.Start();
    }

    /// <summary>
    /// The host stands still, as a virtual machine that its hypervisor does not run: every process is stopped (SIGSTOP), and packets to and
    /// from it vanish; none waits for it. What its kernel does by itself goes on in vain, but for timers.
    /// </summary>
    public void Freeze()
    {
        Lose(_loss with { Everything = true });
        // A process may start another between the listing and its stop.
        var stopped = new HashSet<int>();
        while (Namespace.ProcessIds().Where(stopped.Add).ToList() is { Count: > 0 } running)
            Signal(running, SIGSTOP);
        // A signal is sent at once and taken when its process is next about to run in user space, signal(7).
        if (!SpinWait.SpinUntil(() => stopped.All(IsStill), StopDeadline))
            throw new LabException($"Processes of {Name} did not stop within {StopDeadline.TotalSeconds} s");
    }

    /// <summary>Stopped, or gone, or waiting in the kernel, as a process does whose vforked child was stopped before its exec (D, vfork(2)).</summary>
    private static bool IsStill(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2] is 'T' or 'D' or 'Z' or 'X';
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>It goes on. Its kernel sees packets before its processes see that time has passed.</summary>
    public void Thaw()
    {
        Lose(_loss with { Everything = false });
        Signal(Namespace.ProcessIds(), SIGCONT);
    }

    /// <summary>All uplinks lose IP packets of a direction, while the links stay up.</summary>
    public void LoseUplink(PacketDirection direction = PacketDirection.Both) => Lose(_loss with { Ip = direction });

    public void RestoreUplink() => LoseUplink(PacketDirection.None);

    /// <summary>Only packets from or to the internet are lost: of a node the data path, while bus, IMDS and probes within the VPC work.</summary>
    public void LoseInternet(PacketDirection direction = PacketDirection.Both) => Lose(_loss with { Internet = direction });

    public void RestoreInternet() => LoseInternet(PacketDirection.None);

    /// <summary>Packets between this host and the broker vanish; nobody gets a reset.</summary>
    public void CutBus() => Lose(_loss with { Bus = true });

    public void JoinBus() => Lose(_loss with { Bus = false });

    internal void AddUplink(UplinkCable uplink) => _uplinks.Add(uplink);

    /// <summary>Routes that a link takes with it when it goes down.</summary>
    private protected virtual void AddBootRoutes()
    {
    }

    private void Lose(Loss loss)
    {
        foreach (var far in _uplinks.GroupBy(uplink => uplink.FarHost))
            far.Key.Nft.Run(loss.Text($"lost_{Name}", [.. far.Select(uplink => uplink.Far)]));
        _loss = loss;
    }

    // One that has ended meanwhile needs no signal.
    private static void Signal(IEnumerable<int> processes, int signal)
    {
        foreach (var id in processes)
            _ = kill(id, signal);
    }
}

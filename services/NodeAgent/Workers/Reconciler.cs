using Vprox.NodeAgent.Adapters.State;
using Vprox.NodeAgent.Core;
using Vprox.NodeAgent.Core.DataPlane;
using Vprox.NodeAgent.Https;
using Vprox.WireGuard;

namespace Vprox.NodeAgent.Workers;

/// <summary>One round: read what shall be, write it down, bring the kernel there, say what serves.</summary>
public sealed class Reconciler(
    NodeState state, INodeDataPlane dataPlane, KernelGate kernel, NodeJournal journal, PlacementIntake intake, ServedAddresses served,
    Announcements announcements, NodeTrouble trouble, NodeMeters meters, BandwidthMeters bandwidth, TimeProvider time, ILogger<Reconciler> logger)
{
    private const int StepsTold = 12;

    private bool _adopted;
    private long _journalVersion = -1;
    private string? _lastRefusal;
    private string? _lastJournalError;

    /// <summary>The WireGuard interfaces that the last round read, with their peers.</summary>
    public IReadOnlyList<Device> Seen { get; private set; } = [];

    /// <summary>Does a round. The first one takes over what the last run of the agent left.</summary>
    /// <returns>False when the next round shall be soon: the kernel refused something, or somebody had undone our ruleset; it was logged.</returns>
    public Task<bool> RunAsync(CancellationToken cancellationToken) => kernel.RunAsync(async () =>
    {
        Seen = [];
        try
        {
            var undone = await RoundAsync(cancellationToken).ConfigureAwait(false);
            if (_lastRefusal is not null)
                logger.KernelHealed();
            _lastRefusal = null;
            if (undone is not null)
                trouble.Repaired(undone, time.GetUtcNow());
            else
                trouble.Healed();
            return undone is null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (_lastRefusal != e.Message)
                logger.KernelRefused(e.Message);
            _lastRefusal = e.Message;
            trouble.Refused(e.Message, time.GetUtcNow());
            return false;
        }
    }, cancellationToken);

    /// <returns>What of the ruleset somebody had undone; null when nothing.</returns>
    private async Task<string?> RoundAsync(CancellationToken cancellationToken)
    {
        if (!_adopted)
            await AdoptAsync(cancellationToken).ConfigureAwait(false);
        if (state.NextRound(time.GetUtcNow()) is not { } round)
            return null;
        WriteJournal(round);
        var started = time.GetTimestamp();
        var done = await dataPlane.ApplyAsync(round.Desired, kernel.LetUrgentInAsync, cancellationToken).ConfigureAwait(false);
        Seen = done.Seen;
        var changes = state.RoundDone(round, time.GetUtcNow());
        served.Set(round, state.Arrived);
        // Last: who hears it connects.
        announcements.Say(changes);
        if (done.Steps.Count > 0)
            logger.KernelChanged(time.GetElapsedTime(started).TotalMilliseconds, Sentence(done.Steps));
        if (done.Repairs.Count > 0)
            logger.KernelRepaired(Sentence(done.Repairs));
        meters.Repaired(done.Repairs.Count);
        bandwidth.Tell(dataPlane.ShapingFlaws);
        foreach (var gone in round.Gone)
            logger.LetGo(gone.Message.Address, gone.Generation);
        return done.RulesetRepaired ? Sentence(done.Repairs) : null;
    }

    /// <summary>A node of 240 addresses begins with thousands of steps; the first ones tell the story.</summary>
    private static string Sentence(IReadOnlyList<string> steps) =>
        string.Join("; ", steps.Take(StepsTold)) + (steps.Count > StepsTold ? $"; and {steps.Count - StepsTold} more" : "");

    private async Task AdoptAsync(CancellationToken cancellationToken)
    {
        var written = NodeJournal.Document.Empty;
        try
        {
            written = journal.Read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            logger.JournalUnreadable(e.Message);
        }
        var devices = await dataPlane.ReadDevicesAsync(cancellationToken).ConfigureAwait(false);
        // Who has forgotten which zones were given begins anywhere: the first ones may well have been.
        state.ResumeZones(written.LastZone ?? (ushort)Random.Shared.Next(ushort.MaxValue));
        foreach (var entry in written.Placements)
        {
            try
            {
                var placement = intake.Open(entry.Placed) with { Zone = entry.Zone };
                // Port and key name the address: another key on its port is not its interface.
                var device = devices.FirstOrDefault(device => device.ListenPort == placement.ListenPort
                    && placement.Identity is not null && placement.Identity.WireGuardPrivateKey.Equals(device.PrivateKey));
                state.Adopt(placement, entry.OvertakenUpTo, device, time.GetUtcNow());
            }
            catch (FormatException e)
            {
                logger.JournalUnreadable(e.Message);
            }
        }
        state.Resume(written.UpTo);
        _adopted = true;
        logger.Adopted(state.NodeId, dataPlane.WireGuardBackend, written.Placements.Count, devices.Count);
    }

    /// <summary>Before the kernel, so that the kernel never holds what a restart would not know of.</summary>
    private void WriteJournal(NodeRound round)
    {
        if (round.PlacementsVersion == _journalVersion)
            return;
        try
        {
            journal.Write(round.Held, round.SnapshotUpTo, round.LastZone);
            (_journalVersion, _lastJournalError) = (round.PlacementsVersion, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not stop a failover.
            if (_lastJournalError != e.Message)
                logger.JournalNotWritten(e.Message);
            _lastJournalError = e.Message;
        }
    }
}

using System.Net;
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
            var left = await RoundAsync(cancellationToken).ConfigureAwait(false);
            TellRefused(left.Refused);
            // One address is no reason to take all the others away from the node.
            if (left is { Refused: { } refused, ServesNone: true })
                trouble.Refused(refused, time.GetUtcNow());
            else if (left.Undone is { } undone)
                trouble.Repaired(undone, time.GetUtcNow());
            else
                trouble.Healed();
            return left is { Undone: null, Refused: null };
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            TellRefused(e.Message);
            trouble.Refused(e.Message, time.GetUtcNow());
            return false;
        }
    }, cancellationToken);

    /// <summary>What a round that went through left to be desired.</summary>
    /// <param name="Undone">What of the ruleset somebody had undone; null when nothing.</param>
    /// <param name="Refused">What the kernel did not take; null when it took all.</param>
    /// <param name="ServesNone">Whether no address is served for it.</param>
    private sealed record Left(string? Undone, string? Refused, bool ServesNone);

    private void TellRefused(string? reason)
    {
        if (reason == _lastRefusal)
            return;
        if (reason is null)
            logger.KernelHealed();
        else
            logger.KernelRefused(reason);
        _lastRefusal = reason;
    }

    private async Task<Left> RoundAsync(CancellationToken cancellationToken)
    {
        if (!_adopted)
            await AdoptAsync(cancellationToken).ConfigureAwait(false);
        if (state.NextRound(time.GetUtcNow()) is not { } round)
            return new Left(null, null, false);
        WriteJournal(round);
        var started = time.GetTimestamp();
        var done = await dataPlane.ApplyAsync(round.Desired, kernel.LetUrgentInAsync, cancellationToken).ConfigureAwait(false);
        Seen = done.Seen;
        IReadOnlyCollection<IPAddress> refused = [.. done.Refusals.Addresses.Keys];
        var changes = state.RoundDone(round, time.GetUtcNow(), refused);
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
        var sentences = done.Refusals.Sentences;
        return new Left(
            done.RulesetRepaired ? Sentence(done.Repairs) : null, sentences.Count > 0 ? Sentence(sentences) : null,
            refused.Count > 0 && refused.Count == round.Desired.Addresses.Count);
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

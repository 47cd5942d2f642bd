using System.Diagnostics;
using Vprox.Netlink;
using Vprox.Nftables;
using Vprox.WireGuard;
using Vprox.WorkerAgent.Adapters.Journal;
using Vprox.WorkerAgent.Adapters.Kernel;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Workers;

/// <summary>
/// The worker's only writer: takes in what happened, writes the journal, changes the kernel, answers, and sends others to work. One round
/// takes in all that has come, so two hundred containers are one transaction.
/// </summary>
public sealed class WorkerLoop(
    WorkerInbox inbox, IWorkerKernel kernel, JournalFile journal, TunnelWork work, WorkerReports reports,
    WorkerAgentOptions options, TimeProvider time, IHostApplicationLifetime host, ILogger<WorkerLoop> logger) : BackgroundService
{
    private static readonly TimeSpan KernelPause = TimeSpan.FromSeconds(1);

    private WorkerState _state = new() { Policy = options.ToPolicy() };
    private bool _kernelIsDue = true;
    private DesiredWorker? _inKernel;
    private DateTimeOffset _nextLook;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var policy = options.ToPolicy();
            _state = await RecallAsync(policy with
            {
                Guard = policy.Guard with { ShortTimeWait = kernel.HasConntrackTimeouts },
                Spare = kernel.InterfacesAreProcesses,
            }, stoppingToken);
            logger.WorkerStarted(options.WorkerId, _state.Containers.Count, _state.Tunnels.Count, kernel.WireGuardBackend);
            if (!kernel.HasConntrackTimeouts)
                logger.NoConntrackTimeouts();
            while (!stoppingToken.IsCancellationRequested)
            {
                await RoundAsync(stoppingToken);
                await WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The kernel stays as it is.
        }
        catch (Exception unusable) when (unusable is JournalException || IsOfTheKernel(unusable))
        {
            logger.CannotGoOn(unusable.Message);
            Environment.ExitCode = 1;
            host.StopApplication();
        }
    }

    private async Task<WorkerState> RecallAsync(WorkerPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            return journal.Load(policy);
        }
        catch (JournalException damaged)
        {
            if (!await kernel.HoldsNothingAsync(cancellationToken))
                throw;
            logger.JournalLost(damaged.InnerException?.Message ?? damaged.Message);
            return new WorkerState { Policy = policy };
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = _state;
        var lookedFor = false;
        var letters = inbox.Take();
        foreach (var letter in letters)
        {
            if (letter.Event is { } happened)
                _state = TakeIn(happened, now);
            lookedFor |= letter.Event is null;
        }
        _state = _state.Next(new WorkerEvent.Tick(), now);
        // Most of what happens on the way to a path, such as a grant, changes nothing that the kernel shall hold.
        if (_inKernel is { } held && held.IsSameAs(_state.Desired()))
            _state = _state.Next(new WorkerEvent.Applied(held), now);
        else
            _kernelIsDue = true;
        Save(before);
        foreach (var letter in letters)
            letter.Journalled?.TrySetResult();

        // A node takes its time to answer, and the kernel what the grant says of it.
        work.Begin([.. WorkerDuties.Due(_state, now).OfType<Duty.ConnectToNode>()], cancellationToken);
        var everything = now >= _nextLook;
        if (_kernelIsDue || lookedFor || everything || NeedsSlot())
            await LookAtKernelAsync(everything, somebodyElses: !_kernelIsDue, cancellationToken);
        inbox.State = _state;
        _state = reports.Announce(_state, inbox);
        if (!_kernelIsDue)
            work.Begin(WorkerDuties.Due(_state, time.GetUtcNow()), cancellationToken);
    }

    private WorkerState TakeIn(WorkerEvent happened, DateTimeOffset now)
    {
        WorkerLogging.Log(logger, _state, happened);
        reports.Arrived(happened);
        return _state.Next(happened, now);
    }

    private async Task LookAtKernelAsync(bool everything, bool somebodyElses, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var observed = await kernel.ReadAsync(everything, cancellationToken);
            var before = _state;
            _state = _state.WithSlots(observed.ForeignSlots);
            Save(before);
            var desired = _state.Desired();
            var steps = WorkerPlanner.Plan(desired, observed);
            await kernel.ApplyAsync(steps, cancellationToken);
            if (steps.Count > 0 && somebodyElses)
                logger.KernelRepaired(Summary(steps));
            else if (steps.Count > 0)
                logger.KernelChanged(Summary(steps), Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            before = _state;
            _inKernel = desired;
            _state = _state.Next(new WorkerEvent.Applied(desired), time.GetUtcNow());
            Save(before);
            _kernelIsDue = false;
            // The tunnel that took the last one comes first.
            if (_state.Spare is { } spare && observed.Interfaces.All(each => each.Slot != spare)
                && _state.Tunnels.Values.All(tunnel => tunnel.Phase == TunnelPhase.Proven))
                work.KeepSpare(spare, cancellationToken);
            if (everything)
                _nextLook = time.GetUtcNow() + options.ReconcileInterval;
        }
        catch (Exception refused) when (IsOfTheKernel(refused))
        {
            // What is in the kernel is not known any more.
            logger.KernelRefused(refused.Message);
            _inKernel = null;
            _kernelIsDue = true;
            _nextLook = time.GetUtcNow() + KernelPause;
        }
    }

    // Nothing is written when nothing changed: an idle worker does not touch its disk.
    private void Save(WorkerState before)
    {
        if (!ReferenceEquals(before.Containers, _state.Containers) || !ReferenceEquals(before.Tunnels, _state.Tunnels)
            || !ReferenceEquals(before.Tombstones, _state.Tombstones))
            journal.Save(_state);
    }

    // "ReplaceRuleset, 200 AddRule"
    private static string Summary(IReadOnlyList<WorkerStep> steps) => string.Join(
        ", ", steps.CountBy(step => step.GetType().Name).Select(kind => kind.Value == 1 ? kind.Key : $"{kind.Value} {kind.Key}"));

    private static bool IsOfTheKernel(Exception failure) =>
        failure is NetlinkException or NftException or WireGuardException or IOException or UnauthorizedAccessException;

    private bool NeedsSlot() => _state.Tunnels.Values.Any(tunnel => tunnel.Slot is null);

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        // A duty that was due was begun; only what lies ahead is worth waking for.
        var now = time.GetUtcNow();
        var next = _kernelIsDue ? _nextLook : WorkerDuties.NextTime(_state, after: now) is { } due && due < _nextLook ? due : _nextLook;
        if (reports.NextTime is { } repeat && repeat < next)
            next = repeat;
        if (next <= now)
            next = now + TimeSpan.FromMilliseconds(1);
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(next - now);
        try
        {
            await inbox.WaitAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time for the next look.
        }
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>Instances: what they are, and what EC2 or a person at the console does to them.</summary>
internal static class InstanceApi
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    public static void MapInstances(this IEndpointRouteBuilder lab, CloudRegion region)
    {
        lab.MapGet("/instances", () => InstanceView.Of(region.Current));
        lab.MapGet("/instances/after", async (string known, CancellationToken cancel) => await AfterAsync(region, known, cancel));
        lab.MapPost("/instances/{id}/state/{state}", (string id, string state) => InstanceStateNames.Parse(state) is not { } next
            ? Results.BadRequest($"{state} is not an instance state")
            : Change(region, id, (current, instance, now) => InstanceLifecycle.Enter(current, instance, next, now)));
        lab.MapPost("/instances/{id}/impaired/{impaired}", (string id, bool impaired) =>
            Change(region, id, (current, instance, now) => current.With(instance with { ImpairedSince = impaired ? now : null })));
        lab.MapPost("/instances/{id}/interruption/{action}", (string id, string action) =>
            Change(region, id, (current, instance, now) => current.With(instance with { Interruption = new(action, now.AddMinutes(2)) })));
        lab.MapPost("/instances/{id}/rebalance", (string id) =>
            Change(region, id, (current, instance, now) => current.With(instance with { RebalanceRecommendedAt = now })));
        lab.MapPost("/instances/{id}/event/{code}", (string id, string code) => Change(region, id, (current, instance, now) =>
            current.With(instance with
            {
                Events = instance.Events.Add(new(
                    string.Create(CultureInfo.InvariantCulture, $"instance-event-{instance.Events.Count + 1:x17}"), code, now.AddDays(1))),
            })));
        lab.MapDelete("/instances/{id}/notices", (string id) => Change(region, id, (current, instance, _) =>
            current.With(instance with { Events = [], Interruption = null, RebalanceRecommendedAt = null })));
    }

    /// <summary>The instances as soon as they differ from what the caller knows, or after a while.</summary>
    private static async Task<InstanceList> AfterAsync(CloudRegion region, string known, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Wait);
        while (true)
        {
            var (now, state) = (region.Now, region.Current);
            if (InstanceView.Fingerprint(state) is var fingerprint && (fingerprint != known || patience.IsCancellationRequested))
                return new InstanceList(fingerprint, InstanceView.Of(state));
            await region.WaitAsync(now, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IResult Change(CloudRegion region, string id, Func<Ec2State, Instance, DateTimeOffset, Ec2State> change)
    {
        var found = false;
        region.Mutate((state, now) =>
        {
            found = state.Instances.TryGetValue(id, out var instance);
            return found ? change(state, instance!, now) : state;
        });
        return found ? Results.NoContent() : Results.NotFound();
    }
}

#!/bin/sh
# Freezes all apps every weekday evening with a Cloud Run job, and keeps the files in a bucket.
# Needs: gcloud, an image of the Dockerfile, a PostgreSQL that the job can reach, a bucket.
set -eu
: "${PROJECT:?}" "${REGION:?}" "${IMAGE:?}" "${BUCKET:?}" "${SERVICE_ACCOUNT:?}"

# The database's URL holds a password: it comes from Secret Manager. The bucket is mounted as a folder.
gcloud run jobs deploy tomoni-snapshot --project "$PROJECT" --region "$REGION" --image "$IMAGE" \
    --service-account "$SERVICE_ACCOUNT" --memory 2Gi --cpu 2 --task-timeout 30m --max-retries 1 \
    --set-secrets TOMONI_DATABASE_URL=tomoni-database-url:latest \
    --add-volume name=files,type=cloud-storage,bucket="$BUCKET" \
    --add-volume-mount volume=files,mount-path=/snapshots \
    --command python --args '^:^cli.py:snapshot:--out:/snapshots:--format:html,pdf,pptx:--changed:--quiet'

gcloud scheduler jobs create http tomoni-snapshot --project "$PROJECT" --location "$REGION" \
    --schedule "0 18 * * 1-5" --time-zone Asia/Tokyo --http-method POST \
    --uri "https://run.googleapis.com/v2/projects/$PROJECT/locations/$REGION/jobs/tomoni-snapshot:run" \
    --oauth-service-account-email "$SERVICE_ACCOUNT"

/* One integration of a mass-action network by SUNDIALS CVODE (BDF, Newton) with the sparse direct solver KLU in AMD order.
 *
 * In:  cvode_klu NETWORK RTOL ATOL SAMPLES MAX_STEPS OUT; NETWORK is text: species, reactions, the end; the initial
 *      concentrations; for each reaction k, its reactants (count, then indices) and its net changes (count, then pairs
 *      of index and change).
 * Out: OUT holds the concentrations at SAMPLES equal intervals, doubles, row by row; standard output has the CPU seconds,
 *      steps, evaluations of the right-hand side and of the Jacobian. Exit code 1 if CVODE gave up.
 */
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_sparse.h>
#include <time.h>

typedef sunindextype I;
typedef struct {
    I n, m, nnz;
    double *k, *change;
    I *r_ptr, *r_idx, *s_ptr, *s_idx;
    I *col_ptr, *row, *place; /* the Jacobian by columns; place of each (reaction, reactant, changed species) in it */
} Network;

static void *room(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size);
    if (!p) exit(3);
    return p;
}

static int by_value(const void *a, const void *b) {
    I x = *(const I *)a, y = *(const I *)b;
    return (x > y) - (x < y);
}

/* dy/dt */
static int slopes(realtype t, N_Vector state, N_Vector out, void *data) {
    const Network *w = data;
    const double *y = N_VGetArrayPointer(state);
    double *d = N_VGetArrayPointer(out);
    memset(d, 0, w->n * sizeof *d);
    for (I j = 0; j < w->m; j++) {
        double v = w->k[j];
        for (I p = w->r_ptr[j]; p < w->r_ptr[j + 1]; p++) v *= y[w->r_idx[p]];
        for (I p = w->s_ptr[j]; p < w->s_ptr[j + 1]; p++) d[w->s_idx[p]] += w->change[p] * v;
    }
    return 0;
}

static int jacobian(realtype t, N_Vector state, N_Vector fy, SUNMatrix J, void *data, N_Vector a, N_Vector b, N_Vector c) {
    const Network *w = data;
    const double *y = N_VGetArrayPointer(state);
    double *v = SUNSparseMatrix_Data(J);
    memcpy(SUNSparseMatrix_IndexPointers(J), w->col_ptr, (w->n + 1) * sizeof(I));
    memcpy(SUNSparseMatrix_IndexValues(J), w->row, w->nnz * sizeof(I));
    memset(v, 0, w->nnz * sizeof *v);
    const I *place = w->place;
    for (I j = 0; j < w->m; j++)
        for (I p = w->r_ptr[j]; p < w->r_ptr[j + 1]; p++) {
            double rate = w->k[j];
            for (I q = w->r_ptr[j]; q < w->r_ptr[j + 1]; q++)
                if (q != p) rate *= y[w->r_idx[q]];
            for (I s = w->s_ptr[j]; s < w->s_ptr[j + 1]; s++) v[*place++] += w->change[s] * rate;
        }
    return 0;
}

/* The Jacobian's pattern, its full diagonal included. */
static void pattern(Network *w) {
    I terms = 0, t = 0;
    for (I j = 0; j < w->m; j++) terms += (w->r_ptr[j + 1] - w->r_ptr[j]) * (w->s_ptr[j + 1] - w->s_ptr[j]);
    I *cell = room(terms + w->n, sizeof(I)), *sorted = room(terms + w->n, sizeof(I));
    for (I j = 0; j < w->m; j++)
        for (I p = w->r_ptr[j]; p < w->r_ptr[j + 1]; p++)
            for (I s = w->s_ptr[j]; s < w->s_ptr[j + 1]; s++) cell[t++] = w->r_idx[p] * w->n + w->s_idx[s];
    for (I i = 0; i < w->n; i++) cell[t++] = i * w->n + i;
    memcpy(sorted, cell, t * sizeof(I));
    qsort(sorted, t, sizeof(I), by_value);
    for (I i = 0; i < t; i++)
        if (!i || sorted[i] != sorted[i - 1]) sorted[w->nnz++] = sorted[i];
    w->col_ptr = room(w->n + 1, sizeof(I)), w->row = room(w->nnz, sizeof(I)), w->place = room(terms, sizeof(I));
    for (I i = 0; i < w->nnz; i++) w->col_ptr[sorted[i] / w->n + 1]++, w->row[i] = sorted[i] % w->n;
    for (I i = 0; i < w->n; i++) w->col_ptr[i + 1] += w->col_ptr[i];
    for (I i = 0; i < terms; i++) w->place[i] = (I *)bsearch(cell + i, sorted, w->nnz, sizeof(I), by_value) - sorted;
    free(cell), free(sorted);
}

static I integer(FILE *f) {
    long long i;
    if (fscanf(f, "%lld", &i) != 1) exit(2);
    return i;
}

static double number(FILE *f) {
    double x;
    if (fscanf(f, "%lf", &x) != 1) exit(2);
    return x;
}

static double read_network(const char *name, Network *w, double **y0) {
    FILE *f = fopen(name, "r");
    if (!f) exit(2);
    w->n = integer(f), w->m = integer(f);
    double end = number(f);
    I reactants = integer(f), changes = integer(f);
    *y0 = room(w->n, sizeof(double)), w->k = room(w->m, sizeof(double)), w->change = room(changes, sizeof(double));
    w->r_ptr = room(w->m + 1, sizeof(I)), w->s_ptr = room(w->m + 1, sizeof(I));
    w->r_idx = room(reactants, sizeof(I)), w->s_idx = room(changes, sizeof(I));
    for (I i = 0; i < w->n; i++) (*y0)[i] = number(f);
    for (I j = 0; j < w->m; j++) {
        w->k[j] = number(f);
        w->r_ptr[j + 1] = w->r_ptr[j] + integer(f);
        for (I p = w->r_ptr[j]; p < w->r_ptr[j + 1]; p++) w->r_idx[p] = integer(f);
        w->s_ptr[j + 1] = w->s_ptr[j] + integer(f);
        for (I p = w->s_ptr[j]; p < w->s_ptr[j + 1]; p++) w->s_idx[p] = integer(f), w->change[p] = number(f);
    }
    fclose(f);
    return end;
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    Network w = {0};
    double *y0, end = read_network(argv[1], &w, &y0), rtol = atof(argv[2]), atol = atof(argv[3]);
    int samples = atoi(argv[4]), failed = 0;
    pattern(&w);
    SUNContext context;
    if (SUNContext_Create(NULL, &context)) return 3;
    N_Vector y = N_VMake_Serial(w.n, y0, context);
    SUNMatrix J = SUNSparseMatrix(w.n, w.n, w.nnz, CSC_MAT, context);
    SUNLinearSolver solver = SUNLinSol_KLU(y, J, context);
    SUNLinSol_KLUSetOrdering(solver, 0);
    void *cvode = CVodeCreate(CV_BDF, context);
    double *rows = room((size_t)samples * w.n, sizeof(double)), t = 0;
    clock_t begun = clock();
    CVodeInit(cvode, slopes, 0.0, y);
    CVodeSStolerances(cvode, rtol, atol);
    CVodeSetUserData(cvode, &w);
    CVodeSetLinearSolver(cvode, solver, J);
    CVodeSetJacFn(cvode, jacobian);
    CVodeSetMaxNumSteps(cvode, atoi(argv[5]));
    for (int i = 0; i < samples && !failed; i++) {
        failed = CVode(cvode, end * (i + 1) / samples, y, &t, CV_NORMAL) < 0;
        memcpy(rows + (size_t)i * w.n, N_VGetArrayPointer(y), w.n * sizeof(double));
    }
    double cpu = (double)(clock() - begun) / CLOCKS_PER_SEC;
    long steps, calls, jacobians, factors;
    CVodeGetNumSteps(cvode, &steps);
    CVodeGetNumRhsEvals(cvode, &calls);
    CVodeGetNumJacEvals(cvode, &jacobians);
    CVodeGetNumLinSolvSetups(cvode, &factors);
    printf("%.6f %ld %ld %ld %ld\n", cpu, steps, calls, jacobians, factors);
    FILE *out = fopen(argv[6], "wb");
    if (!out || fwrite(rows, sizeof(double), (size_t)samples * w.n, out) != (size_t)samples * w.n) return 3;
    return fclose(out) || failed;
}
